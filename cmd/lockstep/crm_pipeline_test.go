package main

import (
	"encoding/json"
	"net/http"

	"github.com/rogpeppe/go-internal/testscript"
)

// pipeline edits the stages of a pipeline as a user of the CRM would: it adds one
// at the end, or renames one.
func (c *crm) pipeline(ts *testscript.TestScript, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: crm pipeline NAME add STAGE, or rename STAGE NEW")
	}
	p := c.pipelineOf(ts, args[0])
	stages, _ := p["stages"].([]any)
	for _, row := range stages {
		if stage, ok := row.(map[string]any); ok && args[1] == "rename" && stage["name"] == args[2] {
			stage["name"] = args[3]
		}
	}
	if args[1] == "add" {
		stages = append(stages, map[string]any{"name": args[2], "position": len(stages)})
	}
	body, err := json.Marshal(map[string]any{"name": p["name"], "stages": stages})
	ts.Check(err)
	id, _ := p["id"].(string)
	if status, answer := c.sendUnder("v3", c.sandbox.Token(), http.MethodPut, "/opportunities/pipelines/"+id, string(body)); status >= 300 {
		ts.Fatalf("%d %s", status, answer)
	}
}

// pipelineOf finds a pipeline by its name.
func (c *crm) pipelineOf(ts *testscript.TestScript, name string) map[string]any {
	_, answer := c.request(http.MethodGet, "/opportunities/pipelines?locationId="+c.sandbox.Location(), "")
	var found struct {
		Pipelines []map[string]any `json:"pipelines"`
	}
	ts.Check(json.Unmarshal([]byte(answer), &found))
	for _, p := range found.Pipelines {
		if p["name"] == name {
			return p
		}
	}
	ts.Fatalf("there is no pipeline %s", name)
	return nil
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// deals writes all opportunities into a table.
func (c *crm) deals(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: crm deals FILE")
	}
	table := "name,contact_id,pipeline_id,stage_id,value\n"
	query := url.Values{"location_id": {c.sandbox.Location()}, "limit": {"100"}}
	for {
		_, answer := c.request(http.MethodGet, "/opportunities/search?"+query.Encode(), "")
		var page struct {
			Opportunities []struct {
				Name, ContactID, PipelineID, PipelineStageID string
				MonetaryValue                                json.Number
			}
			Meta struct {
				StartAfter   json.Number
				StartAfterID string
			}
		}
		ts.Check(json.Unmarshal([]byte(answer), &page))
		for _, o := range page.Opportunities {
			table += fmt.Sprintln(strings.Join([]string{o.Name, o.ContactID, o.PipelineID, o.PipelineStageID, o.MonetaryValue.String()}, ","))
		}
		if page.Meta.StartAfterID == "" {
			break
		}
		query.Set("startAfter", page.Meta.StartAfter.String())
		query.Set("startAfterId", page.Meta.StartAfterID)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(table), 0o644))
}

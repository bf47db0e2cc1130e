package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// deskPipelines have stages that get other names, places and company from one season
// to the next, in pipelines that own all of theirs and in one that has a stage of the
// CRM.
func deskPipelines() deskKind {
	return deskKind{
		name: "pipeline",
		files: `
resource "ghl_pipeline" "all" {
  for_each = { for r in local.desk.pipeline : r.name => r if r.kept == "" }
  name     = each.key
  in_pie   = tobool(each.value.pie)
  stage    = exactly([for i, k in split(" ", each.value._keys) : { key = k, name = split(" ", each.value.stages)[i] }])
  lifecycle {
    on_destroy      = "delete"
    prevent_destroy = false
  }
}

resource "ghl_pipeline" "shared" {
  for_each = { for r in local.desk.pipeline : r.name => r if r.kept != "" }
  name     = each.key
  in_pie   = tobool(each.value.pie)
  stage    = [for i, k in split(" ", each.value._keys) : { key = k, name = split(" ", each.value.stages)[i] }]
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			rows := some(3, 2*season, func(i int) deskRow {
				r := deskRow{"name": fmt.Sprintf("P%d", i), "pie": one(random, "true", "false"), "kept": ""}
				r.draw(random, 2+random.IntN(3))
				return r
			})
			rows[1]["kept"] = "Kept"
			rows[1].draw(random, len(stageNames)) // what it no longer names would stay
			return rows
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return rowsOf(t, c, "/opportunities/pipelines", "pipelines", func(o map[string]any) deskRow {
				r := deskRow{"name": text(o["name"]), "pie": fmt.Sprint(o["showInPieChart"]), "kept": ""}
				var names []string
				stages, _ := o["stages"].([]any)
				for _, s := range stages {
					if name := text(s.(map[string]any)["name"]); name != "Kept" {
						names = append(names, name)
						continue
					}
					r["kept"] = "Kept"
				}
				r["stages"] = strings.Join(names, " ")
				return r
			})
		},
		seed: map[string]string{"pipelines": `[{"id":"PIP1","name":"Sales","stages":[{"id":"STG1","name":"New"},{"id":"STG2","name":"Won"}]},
			{"id":"PIP2","name":"P1","stages":[{"id":"STG3","name":"Kept"},{"id":"STG4","name":"Talk"}]}]`},
		had: []deskRow{{"name": "Sales", "pie": "true", "stages": "New Won", "kept": ""}},
	}
}

// stageNames are what stages may be called.
var stageNames = []string{"Talk", "Offer", "Trial", "Yes"}

// draw invents so many stages by key and name. All pipelines draw from the same few
// keys and names, so that the stages of the next season trade names and places.
func (r deskRow) draw(random *rand.Rand, n int) {
	var keys, names []string
	called := random.Perm(len(stageNames))
	for _, i := range random.Perm(len(stageNames))[:n] {
		keys, names = append(keys, fmt.Sprintf("k%d", i)), append(names, stageNames[called[i]])
	}
	r["_keys"], r["stages"] = strings.Join(keys, " "), strings.Join(names, " ")
}

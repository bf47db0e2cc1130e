package command

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestPullProperty pulls what a random location has: a plan of the files has imports
// and nothing else, and after its apply there is nothing to do.
func TestPullProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "pulled")
		if err != nil {
			rt.Fatal(err)
		}
		files := map[string]string{"main.hcl": "provider \"ghl\" {\n  sandbox      = true\n  sandbox_seed = \"seed.json\"\n}\n", "seed.json": drawnLocation(rt)}
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				rt.Fatal(err)
			}
		}
		format := rapid.SampledFrom([]string{"blocks", "csv"}).Draw(rt, "format")
		for _, step := range []struct {
			args []string
			code int
			// told is what stdout has.
			told string
		}{
			{[]string{"pull", "-format=" + format}, 0, ""},
			{[]string{"fmt", "-check"}, 0, ""},
			{[]string{"validate"}, 0, ""},
			{[]string{"plan"}, 0, "to import, 0 to add, 0 to change, 0 to destroy."},
			{[]string{"apply", "-auto-approve"}, 0, "imported, 0 added, 0 changed, 0 destroyed."},
			{[]string{"plan", "-detailed-exitcode"}, 0, "No changes."},
		} {
			if r := run(t.Context(), Env{}, dir, step.args...); r.code != step.code || !strings.Contains(r.stdout, step.told) {
				rt.Fatalf("lockstep %s: exit %d, want %d, and %q\n%s\n%s\n%s", strings.Join(step.args, " "), r.code, step.code, step.told, r.stdout, r.stderr, files["seed.json"])
			}
		}
	})
}

// drawnLocation is the seed of a location with what a seed may have.
func drawnLocation(t *rapid.T) string {
	w := drawing{t}
	text, err := json.Marshal(map[string]any{
		"location": map[string]any{"name": "Club", "country": "US", "timezone": "America/New_York", "companyId": "CMPsandbox0000000000"},
		"users":    []any{map[string]any{"id": "USR1", "firstName": "Sam", "lastName": "Sales", "email": "sam@example.com", "role": "user"}},
		"tags":     w.lines("tags", 3),
		"customFields": []any{
			map[string]any{"id": "FLD1", "name": "Shirt", "dataType": "SINGLE_OPTIONS", "model": "contact", "fieldKey": "shirt", "options": []any{"S", "M"}},
			map[string]any{"id": "FLD2", "name": "Km", "dataType": "NUMERICAL", "model": "contact", "fieldKey": "km"},
			map[string]any{"id": "FLD3", "name": "Text", "dataType": "LARGE_TEXT", "model": "contact", "fieldKey": "text"},
		},
		"pipelines": []any{
			map[string]any{"id": "PIP1", "name": "Sales", "stages": []any{map[string]any{"id": "STG1", "name": "New"}, map[string]any{"id": "STG2", "name": "Won"}}},
			map[string]any{"id": "PIP2", "name": w.line("pipeline"), "stages": []any{map[string]any{"id": "STG3", "name": "New"}}},
		},
		"customValues": w.many("values", func(i int) any {
			return map[string]any{"name": fmt.Sprint(i, w.line("name")), "value": w.line("value")}
		}),
		"calendars": []any{map[string]any{"id": "CAL1", "name": "Runs", "slug": "run", "calendarType": "round_robin", "teamMembers": []any{map[string]any{"userId": "USR1"}}}},
		"contacts":  w.many("contacts", w.contact),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// drawing draws the parts of a location.
type drawing struct{ t *rapid.T }

// line is a text that is hard to write down.
func (w drawing) line(name string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"Ann", "ann", "Ann 2", "O'Hara", "${each.key}", "%{ if }", "say \"hi\"", "Zoë", "Zoe\u0308",
		"\u202eevil", "عربي", "a\nb", "a\nb\n", "a\r\nb", " pad ", "semi;colon", "a,b", "null", "true", "12", "007", "1e3", "-", "\\", "$${x}", "EOT\nEOT", "tab\tbed"}),
		1, 2).Draw(w.t, name), " ")
}

func (w drawing) lines(name string, most int) []string {
	lines := make([]string, rapid.IntRange(0, most).Draw(w.t, name))
	for i := range lines {
		lines[i] = w.line(name)
	}
	return lines
}

func (w drawing) many(name string, one func(i int) any) []any {
	all := make([]any, rapid.IntRange(0, 4).Draw(w.t, name))
	for i := range all {
		all[i] = one(i)
	}
	return all
}

// contact is a person with tasks, notes and opportunities. Some have nothing but an
// e-mail address, or not even that.
func (w drawing) contact(i int) any {
	c := map[string]any{"tags": w.lines("tags", 2)}
	given := map[string]any{
		"firstName": w.line("first"), "lastName": w.line("last"), "city": w.line("city"), "email": fmt.Sprintf("p%d@example.com", i), "phone": fmt.Sprintf("+1202555010%d", i),
		"assignedTo": "USR1", "dnd": true, "type": "customer", "source": w.line("source"),
		"customFields": []any{map[string]any{"id": "FLD1", "field_value": "M"}, map[string]any{"id": "FLD2", "field_value": 12.5}, map[string]any{"id": "FLD3", "field_value": w.line("text")}},
		"tasks": w.many("tasks", func(int) any {
			return map[string]any{"title": w.line("title"), "body": w.line("body"), "dueDate": "2999-07-15T10:00:00Z"}
		}),
		"notes":         w.many("notes", func(int) any { return map[string]any{"body": w.line("note")} }),
		"opportunities": []any{map[string]any{"name": w.line("deal"), "pipelineId": "PIP1", "pipelineStageId": rapid.SampledFrom([]string{"STG1", "STG2"}).Draw(w.t, "stage")}},
	}
	for _, name := range slices.Sorted(maps.Keys(given)) { // in an order that a seed gives again
		if rapid.Bool().Draw(w.t, name+" given") {
			c[name] = given[name]
		}
	}
	return c
}

package command

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lockstep/providers/ghl/sandbox"
)

// TestAcceptProperty edits people in the CRM at random: once the edits are accepted,
// files that were written in any style make an empty plan.
func TestAcceptProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		crm, err := sandbox.Open(sandbox.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		server := httptest.NewServer(crm)
		defer server.Close()
		env := Env{Environ: []string{"GHL_BASE_URL=" + server.URL, "GHL_TOKEN=" + crm.Token(), "GHL_LOCATION_ID=" + crm.Location()}}
		dir, err := os.MkdirTemp(t.TempDir(), "accepted")
		if err != nil {
			rt.Fatal(err)
		}
		w := styled{drawing{rt}}
		w.write(dir)
		step := func(code int, told string, args ...string) {
			if r := run(t.Context(), env, dir, args...); r.code != code || !strings.Contains(r.stdout, told) {
				rt.Fatalf("lockstep %s: exit %d, want %d, and %q\n%s\n%s", strings.Join(args, " "), r.code, code, told, r.stdout, r.stderr)
			}
		}
		step(0, "Apply complete!", "apply", "-auto-approve")
		for i := range edited {
			w.edit(crm, i)
		}
		step(0, "", "drift", "-accept", "-auto-approve")
		step(0, "No changes.", "plan", "-detailed-exitcode")
	})
}

// edited is how many people there are: half in blocks, half in rows.
const edited = 4

// styled writes files in many styles.
type styled struct{ drawing }

// line is a text that is hard to write down, and that a CRM keeps as it is.
func (w styled) line(name string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"Ann", "O'Hara", "${each.key}", "%{ if }", "say \"hi\"", "Zoë", "عربي", "semi;colon", "a,b",
		"null", "true", "12", "007", "1e3", "-", "\\", "$${x}", "=1+1"}), 1, 2).Draw(w.t, name), " ")
}

func (w styled) pick(name string, from ...string) string {
	return rapid.SampledFrom(from).Draw(w.t, name)
}

func (w styled) write(dir string) {
	newline, mark := w.pick("newline", "\n", "\r\n"), w.pick("mark", "", "\ufeff")
	var hcl, rows strings.Builder
	hcl.WriteString("provider \"ghl\" {}\n# Zoe\u0308\n")
	rows.WriteString("email,city,last" + w.pick("unnamed", "", ",,") + "\n")
	unnamed := strings.Repeat(",", strings.Count(rows.String(), ",")-2)
	for i := range edited / 2 {
		tags := w.pick("tags", `["a", "b", "c"]`, "[\n    \"a\", # first\n    \"b\",\n    \"c\"\n  ]", `exactly(["a", "b", "c"])`, "exactly([\n    \"a\",\n    \"b\",\n    \"c\",\n  ])", "[\"a\",\"b\",\n \"c\"]")
		fmt.Fprintf(&hcl, "resource \"ghl_contact\" \"p%d\" {\n  email = \"p%d@example.com\" // Zoe\u0308\n  city = %s # here\n  last_name = %s\n  tags = %s\n}\n",
			i, i, hclText(w.line("city")), w.pick("source", hclText(w.line("last")), "(\"x\")", "local.names[\"p"+strconv.Itoa(i)+"\"]"), tags)
	}
	hcl.WriteString("locals {\n  names = { p0 = \"Zoe\u0308\", p1 = \"B\" }\n}\n")
	hcl.WriteString("resource \"ghl_contact\" \"rows\" {\n  for_each = { for r in " + w.pick("reader", `csvdecode(file("p.csv"))`, `csvrows("p.csv")`) + " : r.email => " +
		w.pick("row", "r", "{ city = r.city, last = r.last }") + " }\n  email = each.key\n  city = each.value.city\n  last_name = each.value.last\n}\n")
	for i := edited / 2; i < edited; i++ {
		fmt.Fprintf(&rows, "p%d@example.com,%s,\"Zoe\u0308 %d\"%s\n", i, cellText(w.line("city"), w.pick("quotes", "", "\"")), i, unnamed)
	}
	for name, text := range map[string]string{"main.hcl": hcl.String(), "p.csv": strings.TrimSuffix(rows.String(), w.pick("end", "", "\n"))} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(mark+strings.ReplaceAll(text, "\n", newline)), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}

// edit changes a person in the CRM.
func (w styled) edit(crm *sandbox.Server, i int) {
	body := map[string]any{"locationId": crm.Location(), "email": fmt.Sprintf("p%d@example.com", i)}
	for _, name := range []string{"city", "lastName"} {
		switch w.pick(name+" edit", "keep", "change", "clear") {
		case "change":
			body[name] = w.line(name)
		case "clear":
			body[name] = ""
		}
	}
	if i < edited/2 && rapid.Bool().Draw(w.t, "tags edited") {
		body["tags"] = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), rapid.ID[string]).Draw(w.t, "tags")
	}
	text, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/contacts/upsert", strings.NewReader(string(text)))
	request.Header.Set("Authorization", "Bearer "+crm.Token())
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Version", "2021-07-28")
	answer := httptest.NewRecorder()
	if crm.ServeHTTP(answer, request); answer.Code >= 300 {
		w.t.Fatalf("upsert: %d %s", answer.Code, answer.Body)
	}
}

// hclText is a text in quotes.
func hclText(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(s))
}

// cellText is a cell, in quotes if asked for.
func cellText(s, quotes string) string {
	if quotes != "" {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	var b strings.Builder
	out := csv.NewWriter(&b)
	_ = out.Write([]string{s}) // to memory
	out.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

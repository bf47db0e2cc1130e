package eval_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

const leadsConfig = `
locals {
  rows  = csvdecode(file("leads.csv"))
  leads = { for r in local.rows : lower(r.email) => r }
}

resource "ghl_contact" "leads" {
  for_each      = local.leads
  email         = each.key
  first_name    = each.value.first_name
  phone         = each.value.phone
  dnd           = false
  score         = each.value.score
  source        = "web"
  tags          = concat(["member"], each.value.idle == "yes" ? ["lapsed"] : excludes(["lapsed"]))
  custom_fields = { tier = each.value.tier, town = each.value.town }
}
`

const tasksConfig = `
resource "ghl_task" "call" {
  for_each   = local.leads
  contact_id = ghl_contact.leads[each.key].id
  title      = "Call ${each.value.first_name}"
}
`

// leadsCSV makes a table of n invented people.
func leadsCSV(n int) string {
	var b strings.Builder
	b.WriteString("email,first_name,last_name,phone,tier,town,score,idle\n")
	for i := range n {
		fmt.Fprintf(&b, "Runner%d@example.com,First%d,Last%d,+1555010%04d,gold,Ghent,%d,%s\n", i, i, i, i%10000, i%100, []string{"yes", "no"}[i%2])
	}
	return b.String()
}

func BenchmarkExpand(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			dir := schematest.Folder(b, map[string]string{"main.hcl": leadsConfig, "leads.csv": leadsCSV(n)})
			b.ReportAllocs()
			for b.Loop() {
				expandOnce(b, dir, n, nil)
			}
		})
	}
}

func BenchmarkReference(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			dir := schematest.Folder(b, map[string]string{"main.hcl": leadsConfig + tasksConfig, "leads.csv": leadsCSV(n)})
			b.ReportAllocs()
			for b.Loop() {
				expandOnce(b, dir, 2*n, unknownObject{})
			}
		})
	}
}

func expandOnce(b *testing.B, dir string, want int, source eval.Source) {
	b.Helper()
	cfg, diags := config.Load(dir, schematest.Catalog())
	if diags.HasErrors() {
		b.Fatal(diags)
	}
	e, diags := eval.New(cfg, eval.Input{Now: runTime})
	if diags.HasErrors() {
		b.Fatal(diags)
	}
	all := 0
	defer func() { reportHeap(b, e) }()
	for _, block := range e.Blocks() {
		instances, diags := e.Expand(block)
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		all += len(instances)
		e.Provide(block, source)
	}
	if all != want {
		b.Fatalf("%d instances, want %d", all, want)
	}
}

// unknownObject is a source of objects whose ids are not known yet.
type unknownObject struct{}

func (unknownObject) Keys(string) []schema.Key { return nil }

func (unknownObject) Value(schema.Address) (cty.Value, bool) {
	return cty.ObjectVal(map[string]cty.Value{"id": cty.UnknownVal(cty.String)}), true
}

// reportHeap reports what stays in memory after a run.
func reportHeap(b *testing.B, keep any) {
	b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MB-kept")
	b.ReportMetric(float64(m.HeapSys)/(1<<20), "MB-peak")
	runtime.KeepAlive(keep)
}

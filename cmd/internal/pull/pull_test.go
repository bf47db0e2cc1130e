package pull

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

// The kinds of a small CRM.
func member() *schema.Kind {
	return &schema.Kind{Name: "crm_member", Noun: "member", Plural: "members", Keys: []schema.NaturalKey{{"email"}}, Attributes: []schema.Attribute{
		{Name: "name", Type: cty.String, Optional: true, Title: true},
		{Name: "email", Type: cty.String, Optional: true},
		{Name: "rank", Type: cty.String, Optional: true, Default: schema.StringValue("new")},
		{Name: "tags", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers},
		{Name: "extra", Type: cty.Map(cty.DynamicPseudoType), Optional: true, Own: schema.OwnKeys},
		{Name: "pin", Type: cty.String, Optional: true, Sensitive: true},
		{Name: "seen", Type: cty.String, Computed: true},
		{Name: "mentor_id", Type: cty.String, Optional: true, Refers: "crm_member"},
	}}
}

func job() *schema.Kind {
	return &schema.Kind{Name: "crm_job", Noun: "job", Plural: "jobs", Content: []string{"title"}, Parent: "member_id", Attributes: []schema.Attribute{
		{Name: "member_id", Type: cty.String, Required: true, Refers: "crm_member"},
		{Name: "board_id", Type: cty.String, Optional: true, Refers: "crm_board"},
		{Name: "column_id", Type: cty.String, Optional: true},
		{Name: "title", Type: cty.String, Required: true},
	}}
}

func board() *schema.Kind {
	return &schema.Kind{Name: "crm_board", Noun: "board", Plural: "boards", ReadOnly: true, Keys: []schema.NaturalKey{{"name"}}, Attributes: []schema.Attribute{
		{Name: "name", Type: cty.String, Computed: true}, {Name: "columns", Type: cty.Map(cty.String), Computed: true},
	}}
}

func post() *schema.Kind {
	return &schema.Kind{Name: "crm_post", Noun: "post", Plural: "posts", Attributes: []schema.Attribute{
		{Name: "title", Type: cty.String, Required: true}, {Name: "body", Type: cty.String, Required: true, WriteOnly: true},
	}}
}

func live(id string, values map[string]schema.Value) schema.Object {
	o := schema.Object{ID: id}
	for path, v := range values {
		o.Fields = append(o.Fields, schema.Field{Path: path, Value: v})
	}
	o.Fields.Sort()
	return o
}

func str(s string) schema.Value { return schema.StringValue(s) }

// club is two members with a job each, of which one board is to be found by its name.
func club() []Set {
	return []Set{
		{Provider: "crm", Kind: job(), Objects: []schema.Object{
			live("J1", map[string]schema.Value{"member_id": str("M1"), "board_id": str("B1"), "column_id": str("C2"), "title": str("Call")}),
			live("J2", map[string]schema.Value{"member_id": str("M9"), "board_id": str("B2"), "column_id": str("C3"), "title": str("call")}),
		}},
		{Provider: "crm", Kind: member(), Objects: []schema.Object{
			live("M2", map[string]schema.Value{"name": str("Bo"), "email": str("bo@example.com"), "rank": str("new"), "mentor_id": str("M1"), "seen": str("today"), "extra.size": schema.NumberValue("42")}),
			live("M1", map[string]schema.Value{"name": str("Ann"), "email": str("ann@example.com"), "rank": str("old"), "pin": str("1234"),
				"tags": schema.SetOf([]string{"b", "a"}), "extra.size": schema.NumberValue("40"), "extra.note": str("x")}),
		}},
		{Provider: "crm", Kind: board(), Source: &schema.DataSource{Name: "crm_board", Kind: "crm_board", Arguments: []schema.Attribute{{Name: "name", Optional: true}}}, Objects: []schema.Object{
			live("B1", map[string]schema.Value{"name": str("Sales"), "columns": schema.MapValue(map[string]schema.Value{"New": str("C1"), "Won": str("C2")})}),
			live("B2", map[string]schema.Value{"name": str("Twice"), "columns": schema.MapValue(map[string]schema.Value{"New": str("C3")})}),
			live("B3", map[string]schema.Value{"name": str("twice")}),
		}},
	}
}

// shown are the files one after the other, and what was left out.
func shown(r Result) string {
	var b strings.Builder
	for _, f := range r.Files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.Name, f.Content)
	}
	for _, l := range r.Left {
		fmt.Fprintf(&b, "left: %d %s %s (%s): %s\n", l.Objects, l.Kind.Plural, l.Path, l.Example, l.Reason)
	}
	return b.String()
}

func TestBlocks(t *testing.T) {
	const want = `-- jobs.hcl --
data "crm_board" "sales" {
  name = "Sales"
}

resource "crm_job" "call" {
  member_id = crm_member.ann.id
  board_id  = data.crm_board.sales.id
  column_id = data.crm_board.sales.columns["Won"]
  title     = "Call"
}

resource "crm_job" "call_2" {
  member_id = "M9"
  board_id  = "B2"
  column_id = "C3"
  title     = "call"
}
-- import_jobs.hcl --
import {
  to = crm_job.call
  id = "J1"
}

import {
  to = crm_job.call_2
  id = "J2"
}
-- members.hcl --
resource "crm_member" "ann" {
  name  = "Ann"
  email = "ann@example.com"
  rank  = "old"
  tags  = ["a", "b"]
  extra = { note = "x", size = 40 }
}

resource "crm_member" "bo" {
  name      = "Bo"
  email     = "bo@example.com"
  extra     = { size = 42 }
  mentor_id = "M1"
}
-- import_members.hcl --
import {
  to = crm_member.ann
  id = "M1"
}

import {
  to = crm_member.bo
  id = "M2"
}
left: 1 members pin (M1): it is secret
`
	if diff := cmp.Diff(want, shown(Write(Input{Sets: club()}))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// tables are the files that TestTables wants.
const tables = `-- jobs.csv --
key,member_id,board_id,column_id,title,id
call,ann@example.com,B1,C2,Call,J1
-- jobs.hcl --
locals {
  jobs = { for row in csvrows("jobs.csv", { empty = null }) : row.key => row }
}

resource "crm_job" "jobs" {
  for_each = local.jobs

  member_id = crm_member.members[each.value.member_id].id
  board_id  = each.value.board_id
  column_id = each.value.column_id
  title     = each.value.title
}
-- import_jobs.hcl --
import {
  for_each = local.jobs
  to       = crm_job.jobs[each.key]
  id       = each.value.id
}
-- members.csv --
email,name,rank,tags,extra_note,extra_size,mentor_id,id
ann@example.com,Ann,old,a;b,x,40,,M1
bo@example.com,Bo,,,,42,M1,M2
-- members.hcl --
locals {
  members = { for row in csvrows("members.csv", { empty = null }) : row.email => row }
}

resource "crm_member" "members" {
  for_each = local.members

  name      = each.value.name
  email     = each.value.email
  rank      = each.value.rank
  tags      = each.value.tags == null ? null : split(";", each.value.tags)
  extra     = { note = each.value.extra_note, size = tonumber(each.value.extra_size) }
  mentor_id = each.value.mentor_id
}

resource "crm_member" "no_mail" {
  name = "No\rmail"
}
-- import_members.hcl --
import {
  for_each = local.members
  to       = crm_member.members[each.key]
  id       = each.value.id
}

import {
  to = crm_member.no_mail
  id = "M3"
}
left: 1 members pin (M1): it is secret
`

func TestTables(t *testing.T) {
	sets := club()[:2]
	sets[0].Objects = sets[0].Objects[:1]
	sets[1].Objects = append(sets[1].Objects, live("M3", map[string]schema.Value{"name": str("No\rmail")}))
	got := Write(Input{Sets: sets, Tables: true})
	if diff := cmp.Diff(tables, shown(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLeftOut(t *testing.T) {
	ann := func(id, name string) schema.Object {
		return live(id, map[string]schema.Value{"name": str(name), "email": str("ann@example.com")})
	}
	spell := func(_ string, _ *schema.Kind, fields schema.Fields) (schema.Fields, error) {
		if fields.Value("rank").Text() == "?" {
			return nil, &providers.FieldError{Path: "rank", Problem: `"?" is no rank`}
		}
		for i := range fields {
			if fields[i].Path == "name" {
				fields[i].Value = str(strings.TrimSpace(fields[i].Value.Text()))
			}
		}
		return fields, nil
	}
	cases := map[string]struct {
		reason string
		in     Input
		want   string
	}{
		"unreadable": {"what a file must say and nobody can read makes no block", Input{Sets: []Set{{Provider: "crm", Kind: post(), Objects: []schema.Object{live("P1", map[string]schema.Value{"title": str("Hi")})}}}},
			"left: 1 posts  (P1): it needs body, and the API never shows it\n"},
		"one key": {"a plan refuses two blocks with one key", Input{Sets: []Set{{Provider: "crm", Kind: member(), Objects: []schema.Object{ann("M1", "Ann"), ann("M2", "Bea")}}}},
			"crm_member.ann\nleft: 1 members  (M2): another one has the same email; merge or rename them in the CRM\n"},
		"refused": {"a value that a file cannot have is left out, and the rest is written",
			Input{Spell: spell, Sets: []Set{{Provider: "crm", Kind: member(), Objects: []schema.Object{live("M1", map[string]schema.Value{"name": str("Ann"), "rank": str("?")})}}}},
			"crm_member.ann\nleft: 1 members rank (M1): \"?\" is no rank\n"},
		"respelt": {"a value that would be written in another way would be a change",
			Input{Spell: spell, Sets: []Set{{Provider: "crm", Kind: member(), Objects: []schema.Object{live("M1", map[string]schema.Value{"name": str(" Ann"), "rank": str("old")})}}}},
			"crm_member.ann\nleft: 1 members name (M1): it cannot be written as it is\n"},
		"managed": {"what the files declare already is referred to, and not written again",
			Input{Managed: map[Ref]string{{"crm", "crm_member", "M1"}: `crm_member.all["a"]`}, Sets: []Set{
				{Provider: "crm", Kind: member(), Objects: []schema.Object{ann("M1", "Ann")}},
				{Provider: "crm", Kind: job(), Objects: []schema.Object{live("J1", map[string]schema.Value{"member_id": str("M1"), "title": str("Call")})}}}},
			"of crm_member.all[\"a\"].id\ncrm_job.call\n"},
		"second account": {"names of two accounts differ, and so do their files",
			Input{Sets: []Set{{Provider: "crm", Kind: member(), Objects: []schema.Object{ann("M1", "Ann")}}, {Provider: "crm.east", Kind: member(), Objects: []schema.Object{ann("M1", "Ann")}}}},
			"crm_member.ann\ncrm_member.ann_2\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, outline(Write(c.in))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

// outline are the addresses that are imported, what else is referred to, and what was
// left out.
func outline(r Result) string {
	var b strings.Builder
	for line := range strings.Lines(shown(r)) {
		to, address, _ := strings.Cut(strings.TrimSpace(line), " = ")
		switch {
		case to == "to":
			b.WriteString(address + "\n")
		case strings.HasPrefix(line, "left: "):
			b.WriteString(line)
		case strings.TrimSpace(to) == "member_id":
			b.WriteString("of " + address + "\n")
		}
	}
	return b.String()
}

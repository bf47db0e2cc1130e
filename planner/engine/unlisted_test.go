package engine_test

import (
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema"
)

// TestPartialList looks what is to be created up by its natural key when lists
// may leave it out, so that nothing is made, or asked for, twice.
func TestPartialList(t *testing.T) {
	w := newWorld(t, `resource "crm_tag" "vip" { name = "vip" }`)
	id := w.server.add("crm_tag", map[string]string{"name": "vip"})
	w.server.lagging[id] = nil
	equal(t, "without the word", []string{"create crm_tag.vip"}, w.actions())
	w.server.kinds.Kind("crm_tag").Listing.Partial = true
	equal(t, "with it", []string{"adopt crm_tag.vip"}, w.actions())
	w.applied()
	w.settled("tag vip")
	equal(t, "calls of a plan: one for the object that the list leaves out", []string{"list tag", "get tag"}, w.server.calls)
}

// TestPartialListShows looks nothing up that the list shows: ten thousand objects that
// are adopted would take a call each.
func TestPartialListShows(t *testing.T) {
	w := newWorld(t, `resource "crm_tag" "vip" { name = "vip" }`)
	w.server.kinds.Kind("crm_tag").Listing.Partial = true
	w.server.add("crm_tag", map[string]string{"name": "vip"})
	equal(t, "what is listed", []string{"adopt crm_tag.vip"}, w.actions())
	equal(t, "calls of the plan", []string{"list tag"}, w.server.calls)
}

// TestUnlisted reads what lists do not show, of the objects for which it
// matters and only when it does.
func TestUnlisted(t *testing.T) {
	const named, coloured = `resource "crm_tag" "vip" { name = "vip" }`, `resource "crm_tag" "vip" {
		name  = "vip"
		color = "red"
	}`
	tests := map[string]struct {
		reason, files string
		want, calls   []string
	}{
		"Not":     {"nobody asks for the colour", named, []string{"adopt crm_tag.vip"}, []string{"list tag"}},
		"Matters": {"the live colour is not overwritten unseen", coloured, []string{"adopt crm_tag.vip color"}, []string{"list tag", "get tag"}},
		"Other":   {"what is not managed is not read", `resource "crm_tag" "new" { name = "new" }`, []string{"create crm_tag.new"}, []string{"list tag"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.files)
			kind := w.server.kinds.Kind("crm_tag")
			// With pages, only what the files write is asked for.
			kind.Listing.Page, kind.Attribute("color").Unlisted = 100, true
			for _, text := range []string{"other", "vip"} {
				id := w.server.add("crm_tag", map[string]string{"name": text, "color": "blue"})
				w.server.lagging[id] = &schema.Object{Kind: "crm_tag", ID: id, Fields: schema.Fields{{Path: "name", Value: schema.StringValue(text)}}}
			}
			_, p := w.plan(engine.PlanOptions{})
			equal(t, tc.reason, tc.want, actions(p))
			equal(t, tc.reason+" calls", tc.calls, w.server.calls)
			for i := range p.Changes {
				for _, f := range p.Changes[i].Fields {
					if f.Path == "color" && p.Changes[i].Action == planner.Adopt {
						equal(t, "the live value", "blue", f.Live.Text())
					}
				}
			}
			w.applied()
			_, p = w.plan(engine.PlanOptions{})
			equal(t, "changes after apply", []string(nil), actions(p))
		})
	}
}

// TestUnlistedLeftover deletes an object whose list leaves out what was written: that
// is no edit in the CRM, unless it is.
func TestUnlistedLeftover(t *testing.T) {
	for reason, tc := range map[string]struct {
		live string
		want int
	}{
		"what the list leaves out is as it was written": {"red", 0},
		"it was edited": {"green", 1},
	} {
		w := newWorld(t, `resource "crm_tag" "vip" {
			name  = "vip"
			color = "red"
		}`)
		w.server.kinds.Kind("crm_tag").Attribute("color").Unlisted = true
		w.applied()
		for id := range w.server.objects {
			w.server.edit(id, "color", tc.live)
			w.server.lagging[id] = &schema.Object{Kind: "crm_tag", ID: id, Fields: schema.Fields{{Path: "name", Value: schema.StringValue("vip")}}}
		}
		w.file("main.hcl", `provider "crm" {}`)
		_, p := w.plan(engine.PlanOptions{})
		conflicts := 0
		for i := range p.Changes {
			for _, f := range p.Changes[i].Fields {
				if f.Conflict {
					conflicts++
				}
			}
		}
		if len(p.Changes) != 1 || p.Changes[0].Action != planner.Delete || conflicts != tc.want {
			t.Errorf("%s: %v with %d conflicts, want one delete with %d", reason, actions(p), conflicts, tc.want)
		}
	}
}

package planner

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/schema"
)

// TestCascadeKept tells what stays of what belongs to an object that leaves.
func TestCascadeKept(t *testing.T) {
	person := &schema.Kind{Name: "person", Retire: schema.Fields{{Path: "status", Value: schema.StringValue("former")}}}
	note := child("note", "person")
	remark := child("remark", "note")
	leaves := Change{Author: Author{Address: address(person, "ann")}, Kind: person, Provider: "crm", Action: Delete, ID: "ann", Reason: ReasonNoBlock}
	replaced, retired := leaves, leaves
	replaced.Action, replaced.Reason = Replace, ""
	retired.Keep = state.Flags{OnDestroy: "retire"}
	gone := Change{Kind: note, Provider: "crm", Action: Forget, ID: "n2", Standing: Standing{Gone: true}}
	owner := desired(block(3), address(note, "met"), address(note, "met"))
	kept := func(k *schema.Kind, all ...string) Children {
		c := below("crm", k, pairs(all...))
		c.Kept = map[string]*Desired{"n1": &owner, "r1": &owner}
		return c
	}
	tests := map[string]struct {
		reason     string
		changes    []Change
		children   []Children
		want, told []string
	}{
		"Delete": {"what has prevent_destroy does not go along", []Change{leaves}, []Children{kept(note, "ann", "n1", "ann", "n3")}, []string{"ann note 2"},
			[]string{`note.x["met"] main.hcl:3: It has prevent_destroy, and with person.x["ann"] the CRM would delete it: person.x["ann"] is to be deleted, because it is no longer in the files. Keep person.x["ann"] as it is, or remove prevent_destroy.`}},
		"Replace": {"nor with what is replaced", []Change{replaced}, []Children{kept(note, "ann", "n1")}, []string{"ann note 1"},
			[]string{`note.x["met"] main.hcl:3: It has prevent_destroy, and with person.x["ann"] the CRM would delete it: person.x["ann"] is to be replaced. Keep person.x["ann"] as it is, or remove prevent_destroy.`}},
		"Below": {"nor with what goes along", []Change{leaves}, []Children{below("crm", note, pairs("ann", "n3")), kept(remark, "n3", "r1")}, []string{"ann note 1", "ann remark 1"},
			[]string{`note.x["met"] main.hcl:3: It has prevent_destroy, and with person.x["ann"] the CRM would delete it: person.x["ann"] is to be deleted, because it is no longer in the files. Keep person.x["ann"] as it is, or remove prevent_destroy.`}},
		"Other":   {"another object's children stay", []Change{leaves}, []Children{kept(note, "bob", "n1")}, nil, nil},
		"Retired": {"what is retired stays, and so does what belongs to it", []Change{retired}, []Children{kept(note, "ann", "n1")}, nil, nil},
		"Gone":    {"what is gone already goes along with nothing", []Change{leaves, gone}, []Children{kept(note, "ann", "n2")}, nil, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: tc.changes}
			var told []string
			for _, problem := range p.Cascade(tc.children) {
				told = append(told, fmt.Sprintf("%s %s:%d: %s", problem.Address, problem.Place.Filename, problem.Place.Start.Line, problem.Detail))
			}
			if diff := cmp.Diff(tc.want, wentAlong(p)); diff != "" {
				t.Errorf("%s\n-want +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.told, told); diff != "" {
				t.Errorf("%s\n-want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

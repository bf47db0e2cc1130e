package state

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

// TestMarks writes a record over one with secrets.
func TestMarks(t *testing.T) {
	secret := func(f schema.Field) schema.Field { f.Sensitive = true; return f }
	cases := map[string]struct {
		reason string
		now    schema.Fields
		keep   string
		want   []string
		fields []string
	}{
		"Same":    {reason: "they are still secrets", now: schema.Fields{secret(text("city", "b")), secret(text("email", "e"))}, want: []string{"city", "email"}, fields: []string{"city", "email"}},
		"Left":    {reason: "one is no longer managed, and what is live still is a secret", now: schema.Fields{text("email", "open")}, want: []string{"city"}, fields: []string{"email"}},
		"All":     {reason: "so with both", now: schema.Fields{text("note", "n")}, want: []string{"city", "email"}, fields: []string{"note"}},
		"None":    {reason: "also where nothing is managed", want: []string{"city", "email"}},
		"Open":    {reason: "the files write both openly", now: schema.Fields{text("city", "b"), text("email", "e")}, fields: []string{"city", "email"}},
		"Pending": {reason: "one was not written yet", now: schema.Fields{text("city", "b"), text("email", "e")}, keep: "city", want: []string{"city"}, fields: []string{"city", "email"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := &statetest.Memory{}
			s := open(t, b, Options{Personal: "hashed"})
			r := record(t, s, "a", "1", secret(text("city", "hush")), secret(text("email", "hush@example.com")))
			// Twice: a mark is kept on from a mark.
			for range 2 {
				next := *r
				if err := next.SetBase(s.Sealer(), Applied{Address: address("a"), Kind: kind, Fields: tc.now, Old: r, Keep: func(path string) bool { return path == tc.keep }}); err != nil {
					t.Fatal(err)
				}
				r = &next
			}
			write(t, s, Batch{Put: []*Record{r}})
			got := open(t, b, Options{}).Snapshot().Record(r.Address())
			paths, err := got.Sensitive()
			if diff := cmp.Diff(tc.want, paths, cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b string) bool { return a < b })); err != nil || diff != "" {
				t.Errorf("%s: %v -want +got:\n%s", tc.reason, err, diff)
			}
			base, err := got.Base()
			var fields []string
			for _, f := range base {
				fields = append(fields, f.Path)
			}
			if diff := cmp.Diff(tc.fields, fields, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("%s: a mark is no field: %v -want +got:\n%s", tc.reason, err, diff)
			}
		})
	}
}

func TestMarkSensitive(t *testing.T) {
	s := open(t, &statetest.Memory{}, Options{Personal: "hashed"})
	r := record(t, s, "a", "1", text("city", "Bern"))
	sum := r.Sum
	for _, paths := range [][]string{{"email"}, {"tags", "email"}, {"city"}} {
		if err := r.MarkSensitive(paths); err != nil {
			t.Fatal(err)
		}
	}
	paths, err := r.Sensitive()
	if diff := cmp.Diff([]string{"email", "tags"}, paths); err != nil || diff != "" {
		t.Errorf("what the record manages openly is left alone: %v -want +got:\n%s", err, diff)
	}
	base, err := r.Base()
	if err != nil || len(base) != 1 || r.Sum != sum {
		t.Errorf("a mark changes nothing of what the files want: %v, %v", base, err)
	}
}

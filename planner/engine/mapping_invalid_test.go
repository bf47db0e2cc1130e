package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lockstep/planner/engine"
)

// byPhone maps people to those with the same phone in another account.
func byPhone(more string) string {
	return strings.Replace(mapping(more), "match    = { email = upper(each.key) }", "match    = { phone = each.value.phone }", 1)
}

// crowdOf are three people with phones in two accounts. Those of the first account
// have a first name, of which the second is no address.
func crowdOf(w *world, first ...string) (sources, targets []string) {
	for i, name := range first {
		sources = append(sources, w.server.person("main", fmt.Sprintf("m%d@example.com", i), fmt.Sprintf("phone=%d first_name=%s", i, name)))
		targets = append(targets, w.server.person("eu", fmt.Sprintf("t%d@example.com", i), fmt.Sprintf("phone=%d", i)))
	}
	return sources, targets
}

// partly applies, and wants one instance to be left as it is.
func (w *world) partly() {
	w.t.Helper()
	r, err := w.apply(engine.ApplyOptions{})
	var partial *engine.PartialError
	if !errors.As(err, &partial) || r.Invalid != 1 || r.Failed+r.Skipped+r.Uncertain > 0 {
		w.t.Fatalf("Apply(...): %+v, %v, want one that is left as it is", r, err)
	}
}

// held drops from what is told what all such warnings have in common.
func held(lines []string) []string {
	for i, line := range lines {
		line = strings.Replace(line, "The value cannot be used:\n\n  ", "", 1)
		lines[i], _, _ = strings.Cut(line, "\n\nAll else goes on.")
	}
	return lines
}

// TestMappingInvalid has one odd value among three people: the other two go on.
func TestMappingInvalid(t *testing.T) {
	const odd = `field "email" { value = each.value.first_name }`
	cases := map[string]struct {
		reason, main string
		first        []string
		want         []string
		told         string
	}{
		"Refused": {"the account refuses the value", byPhone(odd), []string{"a@x", "odd", "c@x"},
			[]string{`update mapping.club["m0@example.com"] email`, `update mapping.club["m2@example.com"] email`},
			`main.hcl:16 mapping.club: 1 of 3 leave email as it is: mapping.club["m1@example.com"]: "odd" is no e-mail address.`},
		"OtherField": {"another field of the same person goes on", byPhone(odd + "\nfield \"manager_id\" { value = \"boss\" }"), []string{"a@x", "odd", "c@x"},
			[]string{`update mapping.club["m0@example.com"] email manager_id`, `update mapping.club["m1@example.com"] manager_id`, `update mapping.club["m2@example.com"] email manager_id`},
			`main.hcl:16 mapping.club: 1 of 3 leave email as it is: mapping.club["m1@example.com"]: "odd" is no e-mail address.`},
		"Expression": {"the value cannot be worked out", byPhone(`field "manager_id" { value = tonumber(each.value.first_name) }`), []string{"1", "odd", "3"},
			[]string{`update mapping.club["m0@example.com"] manager_id`, `update mapping.club["m2@example.com"] manager_id`},
			`main.hcl:16 mapping.club: 1 of 3 leave manager_id as it is: mapping.club["m1@example.com"]: The argument "v" of tonumber does not fit: cannot convert "odd" to number; given string must be a decimal representation of a number.`},
		"Match": {"nobody can be found by it", strings.Replace(mapping(`field "manager_id" { value = "boss" }`), "upper(each.key)", "each.value.first_name", 1), []string{"t0@example.com", "odd", "t2@example.com"},
			[]string{`update mapping.club["m0@example.com"] manager_id`, `update mapping.club["m2@example.com"] manager_id`},
			`main.hcl:15 mapping.club: 1 of 3 leave all of it as it is: mapping.club["m1@example.com"]: "odd" is no e-mail address.`},
		"Create": {"who would be made without it is not made", byPhone("missing = \"create\"\n" + odd), []string{"a@x", "odd@", "c@x", "new"},
			[]string{`update mapping.club["m0@example.com"] email`, `update mapping.club["m1@example.com"] email`, `update mapping.club["m2@example.com"] email`},
			`main.hcl:17 mapping.club: 1 of 4 leave email as it is: mapping.club["m3@example.com"]: "new" is no e-mail address.`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.main)
			_, targets := crowdOf(w, tc.first...)
			if len(targets) > 3 {
				w.server.remove(targets[3])
			}
			equal(t, tc.reason, tc.want, w.actions())
			equal(t, tc.reason+": told", []string{tc.told}, held(told(w.last)))
			w.partly()
			equal(t, tc.reason+": then nothing is left to do", []string(nil), w.actions())
			w.partly()
			// Files that ask for it are refused instead.
			w.file("main.hcl", strings.Replace(tc.main, "mapping \"club\" {", "mapping \"club\" {\ninvalid = \"error\"", 1))
			if got := w.refused(); len(got) != 1 || strings.Contains(got[0], " as it is") {
				t.Errorf("%s: with invalid = error, told %v", tc.reason, got)
			}
		})
	}
}

// TestMappingInvalidLater makes odd what was good: nothing that was written is taken
// away, and it goes on once the value is good again.
func TestMappingInvalidLater(t *testing.T) {
	main := byPhone(`
  field "email" { value = each.value.first_name }
  field "tags" { value = strcontains(each.value.first_name, "odd") ? tolist(tonumber("x")) : ["runner"] }
  field "manager_id" {
    value     = each.value.first_name
    direction = "both"
    source    = "manager_id"
    conflict  = "source"
  }`)
	w := newWorld(t, main)
	sources, targets := crowdOf(w, "a@x", "b@x")
	w.applied()
	w.server.edit(sources[1], "first_name", "odd")
	w.server.edit(sources[0], "first_name", "a@y")
	equal(t, "the other one goes on", []string{`update mapping.club["m0@example.com"] email manager_id`, `update mapping.club["m1@example.com"] manager_id`}, w.actions())
	w.partly()
	equal(t, "what was written stays", []string{"contact@eu a@y of nobody 0 [runner]", "contact@eu b@x of nobody 1 [runner]"}, w.server.dump()[2:])

	// The coach mends the address; the state still knows what was written.
	w.server.edit(targets[1], "email", "coach@x")
	w.server.edit(sources[1], "first_name", "b@z")
	equal(t, "both moved", []string{`update mapping.club["m1@example.com"] email! manager_id`}, w.actions())
	if _, err := w.apply(engine.ApplyOptions{OnConflict: "config"}); err != nil {
		t.Fatal(err)
	}
	equal(t, "both are good", []string{"contact@eu a@y of nobody 0 [runner]", "contact@eu b@z of nobody 1 [runner]"}, w.server.dump()[2:])
}

// TestMappingInvalidMatch keeps the record of who cannot be looked for.
func TestMappingInvalidMatch(t *testing.T) {
	w := newWorld(t, strings.Replace(mapping(`field "manager_id" { value = "boss" }`), "upper(each.key)", "each.value.first_name", 1))
	sources, _ := crowdOf(w, "t0@example.com", "t1@example.com")
	w.applied()
	w.server.edit(sources[1], "first_name", "odd")
	equal(t, "nothing is forgotten", []string(nil), w.actions())
	w.partly()
	w.server.edit(sources[1], "first_name", "t1@example.com")
	equal(t, "all is as it was", []string(nil), w.actions())
	w.applied()
}

// TestMappingInvalidBack has a value in the CRM that the source cannot have.
func TestMappingInvalidBack(t *testing.T) {
	w := newWorld(t, byPhone("field \"first_name\" {\ndirection = \"to_source\"\nsource = \"email\"\n}\nfield \"manager_id\" { value = \"boss\" }"))
	_, targets := crowdOf(w, "a", "b", "c")
	for i, name := range []string{"a@y", "odd", "c@y"} {
		w.server.edit(targets[i], "first_name", name)
	}
	w.partly()
	equal(t, "it is told", `main.hcl:16 mapping.club: 1 of 3 leave first_name as it is: mapping.club["m1@example.com"]: first_name of mapping.club["m1@example.com"] cannot be written back to email: "odd" is no e-mail address. Correct the value in the CRM.`,
		held(told(w.open().Look(t.Context())))[0])
	equal(t, "all else went on", []string{"contact a@y a 0", "contact c@y c 2", "contact m1@example.com b 1",
		"contact@eu t0@example.com a@y of nobody 0", "contact@eu t1@example.com odd of nobody 1", "contact@eu t2@example.com c@y of nobody 2"}, w.server.dump())
}

// TestMappingWrong refuses what is wrong with the files and not with one value.
func TestMappingWrong(t *testing.T) {
	cases := map[string]struct{ reason, main, want string }{
		"Constant": {"a value that is the same for all", byPhone(`field "email" { value = "odd" }`), `main.hcl:16 Invalid value: "odd" is no e-mail address.`},
		"All":      {"an expression that fails for all", byPhone(`field "email" { value = tonumber("${each.key}!") }`), "main.hcl:16 Invalid function argument"},
		"Key":      {"a key that there is not", byPhone(`field "custom.tear" { value = each.key }`), `main.hcl:16 Unknown key in custom`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.main)
			crowdOf(w, "a@x", "b@x")
			if got := w.refused(); !strings.HasPrefix(got[0], tc.want) {
				t.Errorf("%s:\n got %q\nwant %q", tc.reason, got, tc.want)
			}
		})
	}
}

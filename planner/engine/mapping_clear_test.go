package engine_test

import (
	"errors"
	"strings"
	"testing"

	"lockstep/planner/engine"
)

// phones maps the phone of everybody; a source without one gives null.
func phones(more string) string {
	return mapping("field \"phone\" {\nvalue = each.value.phone != \"\" ? each.value.phone : null\n" + more + "\n}")
}

// TestMappingCleared clears a phone in the CRM while its source changed: the rule
// decides, as when both changed.
func TestMappingCleared(t *testing.T) {
	cases := map[string]struct {
		reason, rule string
		want         []string
		notes        []string
	}{
		"Source":    {"the source wins", "direction = \"both\"\nsource = \"phone\"\nconflict = \"source\"", []string{"phone"}, []string{"phone: both sides moved; the source wins"}},
		"Target":    {"the target wins, but what is empty never travels", "direction = \"both\"\nsource = \"phone\"\nconflict = \"target\"", []string{"phone"}, []string{"phone: both sides moved; the target wins, but it has no value, and is filled"}},
		"OneWay":    {"the source wins", `conflict = "source"`, []string{"phone"}, []string{"phone: both sides moved; the source wins"}},
		"OneWayAsk": {"people are asked", "", []string{"phone!"}, nil},
		"Ask":       {"people are asked", "direction = \"both\"\nsource = \"phone\"", []string{"phone!"}, []string{"phone: both sides moved"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, phones(tc.rule))
			source := w.server.person("main", "ada@example.com", "phone=1")
			target := w.server.person("eu", "ada@example.com", "")
			w.applied()
			w.server.edit(source, "phone", "2")
			w.server.edit(target, "phone", "")
			equal(t, tc.reason, []string{`update mapping.club["ada@example.com"] ` + strings.Join(tc.want, " ")}, w.actions())
			equal(t, tc.reason+": notes", tc.notes, notes(w))
			if _, err := w.apply(engine.ApplyOptions{OnConflict: "config"}); err != nil {
				t.Fatal(err)
			}
			w.settled("contact ada@example.com 2", "contact@eu ada@example.com 2")
		})
	}
}

// TestMappingStale takes the phones of two of three people away.
func TestMappingStale(t *testing.T) {
	const hint = `main.hcl:16 A value whose source is gone: phone of 2 of 3 instances of mapping.club keeps what was written before, because the source has no value any more. ` +
		`Write clear = true in the field block to empty it, or clear = false to keep it without this hint.`
	kept := []string{"contact ada@example.com ", "contact bea@example.com ", "contact cai@example.com 3",
		"contact@eu ada@example.com 1", "contact@eu bea@example.com 2", "contact@eu cai@example.com 3"}
	cases := map[string]struct {
		reason, rule string
		told         []string
		want, live   []string
	}{
		"Hint":   {"what was written stays, and that is told once for the field", "", []string{hint}, nil, kept},
		"Keep":   {"whoever decided is told nothing", "clear = false", nil, nil, kept},
		"Source": {"the rule of a conflict does not matter", `conflict = "source"`, []string{hint}, nil, kept},
		"Clear": {"it goes with its source", "clear = true", nil, []string{`update mapping.club["ada@example.com"] phone`, `update mapping.club["bea@example.com"] phone`},
			[]string{"contact ada@example.com ", "contact bea@example.com ", "contact cai@example.com 3", "contact@eu ada@example.com ", "contact@eu bea@example.com ", "contact@eu cai@example.com 3"}},
		"ClearBoth": {"both ways as well", "clear = true\ndirection = \"both\"\nsource = \"phone\"", nil, []string{`update mapping.club["ada@example.com"] phone`, `update mapping.club["bea@example.com"] phone`},
			[]string{"contact ada@example.com ", "contact bea@example.com ", "contact cai@example.com 3", "contact@eu ada@example.com ", "contact@eu bea@example.com ", "contact@eu cai@example.com 3"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, phones(tc.rule))
			var sources []string
			for i, email := range []string{"ada@example.com", "bea@example.com", "cai@example.com"} {
				sources = append(sources, w.server.person("main", email, "phone="+string(rune('1'+i))))
				w.server.person("eu", email, "")
			}
			w.applied()
			for _, source := range sources[:2] {
				w.server.edit(source, "phone", "")
			}
			equal(t, tc.reason, tc.want, w.actions())
			equal(t, tc.reason+": told", tc.told, told(w.last))
			w.applied()
			w.settled(tc.live...)
			equal(t, tc.reason+": told again", tc.told, told(w.last))
			w.applied() // notes how far it has read
			before := string(w.log.Log)
			w.applied()
			equal(t, tc.reason+": the state stands still", before, string(w.log.Log))
		})
	}
}

// TestMappingClearLeaves empties only what the mapping gave.
func TestMappingClearLeaves(t *testing.T) {
	cases := map[string]struct {
		reason, ada, other string
		// edited are the phones of source and target after the first apply.
		edited [2]string
		want   []string
		live   string
	}{
		"Never":   {"what was never given is not taken away", "first_name=Ada", "phone=9", [2]string{"", "9"}, nil, "contact@eu ada@example.com 9"},
		"Changed": {"who changed it in the CRM is asked", "phone=1", "", [2]string{"", "9"}, []string{`update mapping.club["ada@example.com"] phone!`}, "contact@eu ada@example.com 9"},
		"Gone":    {"it is empty already", "phone=1", "", [2]string{"", ""}, nil, "contact@eu ada@example.com "},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, strings.Replace(phones("clear = true"), `each.value.phone != ""`, `try(each.value.phone, "") != "" && each.value.phone != null`, 1))
			source := w.server.person("main", "ada@example.com", tc.ada)
			target := w.server.person("eu", "ada@example.com", tc.other)
			w.applied()
			w.server.edit(source, "phone", tc.edited[0])
			w.server.edit(target, "phone", tc.edited[1])
			equal(t, tc.reason, tc.want, w.actions())
			var refused *engine.RefusedError
			if _, err := w.apply(engine.ApplyOptions{}); err != nil && !(errors.As(err, &refused) && len(tc.want) > 0) {
				t.Fatal(err)
			}
			equal(t, tc.reason+": live", tc.live, w.server.dump()[1])
		})
	}
}

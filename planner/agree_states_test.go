package planner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
	"lockstep/schema/config"
)

// inStep makes the pair of a field whose sides were in step with the value A, and
// of which each was left alone, changed or cleared since, or never was set. What
// never was set on one side never was in step.
func inStep(rule *config.MappedField, source, target string) pair {
	now := func(word, other string) side {
		return side{
			value: map[string]schema.Value{"unchanged": str("A"), "changed": str(other)}[word],
			moved: word == "changed" || word == "cleared",
		}
	}
	p := pair{rule: rule, source: now(source, "S"), target: now(target, "T"), exists: true, known: source != "never" && target != "never"}
	p.source.version, p.target.version = "2026-03-01T10:00:00Z", "2026-03-01T12:00:00Z"
	p.had, p.silent = p.known, p.source.value.IsAbsent()
	p.same, p.unset = p.source.value.Equal(p.target.value), p.target.value.IsEmpty()
	if !p.known {
		p.source.moved, p.target.moved = false, false
	}
	return p
}

// word renders an outcome: what is done, who wins, and ! for a conflict.
func (o outcome) word() string {
	words := []string{[...]string{"leave", "keep", "give", "back", "settled", "empty", "stale"}[o.verdict]}
	switch {
	case o.open:
		words = append(words, "!")
	case strings.Contains(o.note, "the source wins"):
		words = append(words, "s")
	case strings.Contains(o.note, "the target wins"), strings.Contains(o.note, "the target is newer"):
		words = append(words, "t")
	}
	if strings.Contains(o.note, "is filled") {
		words = append(words, "filled")
	}
	return strings.Join(words, " ")
}

// TestAgreeStates goes through whatever may have become of the two sides since they
// were in step, one way and both ways, under each rule. The target is the newer one.
func TestAgreeStates(t *testing.T) {
	checkStates(t, nil, `
source    target    | to_target: error, source | both: error, source, target, newest
cleared   cleared   | leave   leave   | leave   leave   leave         leave
cleared   changed   | leave   leave   | back    back    back          back
cleared   unchanged | stale   stale   | back    back    back          back
cleared   never     | leave   leave   | leave   leave   leave         leave
changed   cleared   | give    give_s  | give_!  give_s  give_t_filled give_t_filled
changed   changed   | give    give_s  | give_!  give_s  back_t        back_t
changed   unchanged | give    give_s  | give    give    give          give
changed   never     | give    give_s  | give    give    give          give
unchanged cleared   | give    give_s  | give    give    give          give
unchanged changed   | give    give_s  | back    back    back          back
unchanged unchanged | give    give_s  | give    give    give          give
unchanged never     | give    give_s  | give    give    give          give
never     cleared   | leave   leave   | leave   leave   leave         leave
never     changed   | leave   leave   | back    back    back          back
never     unchanged | leave   leave   | back    back    back          back
never     never     | leave   leave   | leave   leave   leave         leave`)
}

// TestAgreeClears is the same for fields whose target is emptied with the source.
// Then what was cleared is a value like any other, but only on the way to the target.
func TestAgreeClears(t *testing.T) {
	yes := true
	checkStates(t, &yes, `
source    target    | to_target: error, source | both: error, source, target, newest
cleared   cleared   | empty   empty_s | empty   empty   empty         empty
cleared   changed   | empty   empty_s | empty_! empty_s back_t        back_t
cleared   unchanged | empty   empty_s | empty   empty   empty         empty
cleared   never     | leave   leave   | leave   leave   leave         leave
changed   cleared   | give    give_s  | give_!  give_s  give_t_filled give_t_filled
changed   changed   | give    give_s  | give_!  give_s  back_t        back_t
changed   unchanged | give    give_s  | give    give    give          give
changed   never     | give    give_s  | give    give    give          give
unchanged cleared   | give    give_s  | give    give    give          give
unchanged changed   | give    give_s  | back    back    back          back
unchanged unchanged | give    give_s  | give    give    give          give
unchanged never     | give    give_s  | give    give    give          give
never     cleared   | leave   leave   | leave   leave   leave         leave
never     changed   | leave   leave   | back    back    back          back
never     unchanged | leave   leave   | back    back    back          back
never     never     | leave   leave   | leave   leave   leave         leave`)
}

// checkStates asks agree of each row of a table under each of its rules.
func checkStates(t *testing.T, clear *bool, want string) {
	t.Helper()
	rules := []config.MappedField{
		{Direction: config.ToTarget, Conflict: config.ConflictError}, {Direction: config.ToTarget, Conflict: config.ConflictSource},
		{Direction: config.Both, Conflict: config.ConflictError}, {Direction: config.Both, Conflict: config.ConflictSource},
		{Direction: config.Both, Conflict: config.ConflictTarget}, {Direction: config.Both, Conflict: config.ConflictNewest},
	}
	lines := strings.Split(strings.TrimSpace(want), "\n")[1:]
	if len(lines) != 4*4 {
		t.Fatalf("the table has %d rows, want %d", len(lines), 4*4)
	}
	for _, line := range lines {
		cells := strings.Fields(strings.ReplaceAll(line, "|", ""))
		var got []string
		for _, rule := range rules {
			rule.Clear = clear
			got = append(got, strings.ReplaceAll(agree(inStep(&rule, cells[0], cells[1])).word(), " ", "_"))
		}
		if diff := cmp.Diff(cells[2:], got); diff != "" {
			t.Errorf("source %s, target %s (-want +got):\n%s", cells[0], cells[1], diff)
		}
	}
}

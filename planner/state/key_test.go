package state

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

func TestKeyed(t *testing.T) {
	const right = "the right key of it"
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "hashed", Key: right})
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1", text("email", "ann@example.com"))}})
	for name, tc := range map[string]struct{ reason, key, want string }{
		"None":  {"without the key nothing could be compared", "", "set LOCKSTEP_STATE_KEY"},
		"Wrong": {"with another key everything would look moved", "a wrong key of it", "another key"},
		"Short": {"a short key is no key", "wrong", "has 5 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), b, Options{Personal: "hashed", Key: tc.key})
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "wrong") {
				t.Errorf("%s: got %v, want an error that says %q", tc.reason, err, tc.want)
			}
		})
	}
	if again := open(t, b, Options{Personal: "hashed", Key: right}); again.Snapshot().Record(s.Sealer().Address(address("a"))) == nil {
		t.Error("the right key opens it")
	}
}

func TestKeyLength(t *testing.T) {
	cases := map[string]struct {
		reason, key string
		refused     bool
	}{
		"None":    {reason: "no key is asked for"},
		"Eleven":  {reason: "it is guessed", key: "0123456789a", refused: true},
		"Twelve":  {reason: "each guess takes a while", key: "0123456789ab"},
		"Letters": {reason: "letters are counted, not bytes", key: "äöüäöüäöüäö", refused: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), &statetest.Memory{}, Options{Personal: "hashed", Key: tc.key})
			var short *ShortKeyError
			if errors.As(err, &short) != tc.refused || err != nil && !tc.refused {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
}

// TestNoQuickGuess holds that what the log shows of a key needs the stretched key:
// the hashes of the key alone, and of the key with the salt, are not in it.
func TestNoQuickGuess(t *testing.T) {
	const key = "correct horse battery"
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "hashed", Key: key})
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1", text("email", "ann@example.com"))}})
	salt := s.snap.head.Salt
	for _, quick := range []string{key, salt + key, salt + "\x00" + key, key + salt} {
		guess := newSealer([]byte(quick), true)
		for what, hash := range map[string]string{
			"check": guess.digest("check", ""), "key": guess.Key("a"), "value": guess.Value("email", schema.StringValue("ann@example.com")), "sum": guess.Sum(schema.Fields{text("email", "ann@example.com")}).String(),
		} {
			if bytes.Contains(b.Log, []byte(hash)) {
				t.Errorf("the %s tells a guess of the key without stretching it:\n%s", what, b.Log)
			}
		}
	}
	if !bytes.Contains(b.Log, []byte(s.Sealer().digest("check", ""))) {
		t.Error("the check of the right key is in the header")
	}
}

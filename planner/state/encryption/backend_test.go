package encryption_test

import (
	"bytes"
	"io"
	"math"
	"net/http/httptest"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/planner/state/backend/backendtest"
	"lockstep/planner/state/encryption"
	"lockstep/planner/state/statetest"
)

const (
	head   = `{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"plain","serial":0}` + "\n"
	line   = `{"serial":1}` + "\n"
	phrase = "a long passphrase"
)

// person has a key pair.
func person(t *testing.T) (recipient, identity string) {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	must(t, err)
	return i.Recipient().String(), i.String()
}

func keys(t *testing.T, s encryption.Settings, vars map[string]string) *encryption.Keys {
	t.Helper()
	k, err := encryption.New(s, func(name string) string { return vars[name] })
	must(t, err)
	return k
}

// withPhrase are keys of a passphrase.
func withPhrase(t *testing.T) *encryption.Keys {
	t.Helper()
	return keys(t, encryption.Settings{Set: true}, map[string]string{"LOCKSTEP_AGE_PASSPHRASE": phrase})
}

func read(t *testing.T, b state.Backend) string {
	t.Helper()
	log, err := b.Load(t.Context())
	must(t, err)
	text, err := io.ReadAll(io.NewSectionReader(log, 0, math.MaxInt64))
	must(t, err)
	return string(text)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSuite(t *testing.T) {
	recipient, identity := person(t)
	cases := map[string]*encryption.Keys{
		"Recipient": keys(t, encryption.Settings{Set: true, Recipients: []string{recipient}}, map[string]string{"LOCKSTEP_AGE_IDENTITY": identity}),
		"Unset":     {},
	}
	for name, k := range cases {
		t.Run(name, func(t *testing.T) {
			backendtest.Suite(t, func(t *testing.T) func() state.Backend {
				path := t.TempDir() + "/state.jsonl"
				return func() state.Backend { return k.Backend(state.Local(path)) }
			})
		})
	}
}

// TestSuiteHTTP has the lines in a document of JSON.
func TestSuiteHTTP(t *testing.T) {
	recipient, identity := person(t)
	k := keys(t, encryption.Settings{Set: true, Recipients: []string{recipient}}, map[string]string{"LOCKSTEP_AGE_IDENTITY": identity})
	backendtest.Suite(t, func(t *testing.T) func() state.Backend {
		server := httptest.NewServer(&backendtest.Terraform{})
		t.Cleanup(server.Close)
		return func() state.Backend {
			in, err := backend.Open(backend.Options{Type: "http", Arguments: map[string]string{"address": server.URL}, Getenv: func(string) string { return "" }})
			must(t, err)
			return k.Backend(in)
		}
	})
}

// TestConverted writes one line to a log, with other settings than it was begun with.
func TestConverted(t *testing.T) {
	ann, annKey := person(t)
	bob, bobKey := person(t)
	both := map[string]string{"LOCKSTEP_AGE_IDENTITY": annKey + "\n" + bobKey, "LOCKSTEP_AGE_PASSPHRASE": phrase}
	to := func(recipients ...string) encryption.Settings {
		return encryption.Settings{Set: true, Recipients: append([]string{}, recipients...)}
	}
	cases := map[string]struct {
		reason      string
		begun, next encryption.Settings
		replace     bool
		// opens is what opens the log in the end; empty for one in clear.
		opens, not string
	}{
		"Encrypted":  {"a plain log is encrypted by the next write", encryption.Settings{}, to(ann), false, annKey, bobKey},
		"Decrypted":  {"no recipients leave it in clear", to(ann), to(), false, "", ""},
		"Kept":       {"without a block it stays encrypted", to(ann), encryption.Settings{}, false, annKey, bobKey},
		"KeptWhole":  {"also where all of it is written", to(ann), encryption.Settings{}, true, annKey, bobKey},
		"Recipients": {"other recipients count when all of it is written", to(ann), to(bob), true, bobKey, annKey},
		"More":       {"so do more", to(ann), to(ann, bob), true, bobKey, ""},
		"Phrase":     {"a passphrase in the place of recipients", to(ann), encryption.Settings{Set: true}, true, phrase, annKey},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m := &statetest.Memory{}
			must(t, keys(t, tc.begun, both).Backend(m).Replace(t.Context(), []byte(head)))
			b, want := keys(t, tc.next, both).Backend(m), head+line
			write := func() error { return b.Append(t.Context(), []byte(line)) }
			if tc.replace {
				write = func() error { return b.Replace(t.Context(), []byte(want)) }
			}
			must(t, write())
			if clear := strings.Contains(string(m.Log), "lineage"); clear != (tc.opens == "") {
				t.Errorf("%s: in clear: %v\n%s", tc.reason, clear, m.Log)
			}
			if diff := cmp.Diff(want, read(t, only(t, tc.opens).Backend(m))); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
			if tc.not == "" {
				return
			}
			if _, err := only(t, tc.not).Backend(m).Load(t.Context()); err != encryption.ErrNoKey {
				t.Errorf("%s: another key opens it: %v", tc.reason, err)
			}
		})
	}
}

// only are keys that read with one secret.
func only(t *testing.T, secret string) *encryption.Keys {
	t.Helper()
	name := "LOCKSTEP_AGE_IDENTITY"
	if secret == phrase {
		name = "LOCKSTEP_AGE_PASSPHRASE"
	}
	return keys(t, encryption.Settings{}, map[string]string{name: secret})
}

// A log that cannot be read is not written over, whatever the settings.
func TestWrongKey(t *testing.T) {
	m := &statetest.Memory{}
	must(t, withPhrase(t).Backend(m).Replace(t.Context(), []byte(head)))
	before := string(m.Log)
	ann, annKey := person(t)
	bob, _ := person(t)
	cases := map[string]*encryption.Keys{
		"None":    {},
		"Other":   keys(t, encryption.Settings{Set: true}, map[string]string{"LOCKSTEP_AGE_PASSPHRASE": "another passphrase"}),
		"Person":  keys(t, encryption.Settings{Set: true, Recipients: []string{ann}}, map[string]string{"LOCKSTEP_AGE_IDENTITY": annKey}),
		"Clear":   keys(t, encryption.Settings{Set: true, Recipients: []string{}}, nil),
		"Missing": keys(t, encryption.Settings{Set: true}, nil),
	}
	for name, k := range cases {
		t.Run(name, func(t *testing.T) {
			b := k.Backend(m)
			_, loaded := b.Load(t.Context())
			_, pushed := state.Push(t.Context(), b, strings.NewReader(head), true)
			for what, err := range map[string]error{"load": loaded, "append": b.Append(t.Context(), []byte(line)), "replace": b.Replace(t.Context(), []byte(head)), "push": pushed} {
				if err == nil || !strings.Contains(err.Error(), "no key of this run opens it") {
					t.Errorf("%s: %v", what, err)
				}
			}
			if string(m.Log) != before {
				t.Error("the log was written over")
			}
		})
	}
	locked := keys(t, encryption.Settings{Set: true, Recipients: []string{bob}}, map[string]string{"LOCKSTEP_AGE_IDENTITY": annKey})
	if err := locked.Backend(&statetest.Memory{}).Replace(t.Context(), []byte(head)); err == nil || !strings.Contains(err.Error(), "could not read again") {
		t.Errorf("a run locks itself out: %v", err)
	}
}

// sealedLog has a head, the header of the log, and three lines.
func sealedLog(t *testing.T, k *encryption.Keys) [][]byte {
	t.Helper()
	m := &statetest.Memory{}
	b := k.Backend(m)
	must(t, b.Replace(t.Context(), []byte(head)))
	for range 3 {
		must(t, b.Append(t.Context(), []byte(line)))
	}
	return bytes.SplitAfter(m.Log, []byte("\n"))
}

// TestDamaged changes a log behind the backend's back.
func TestDamaged(t *testing.T) {
	k := withPhrase(t)
	lines := sealedLog(t, k)
	// The same log, written anew with the same key.
	anew := &statetest.Memory{Log: bytes.Join(lines, nil)}
	must(t, k.Backend(anew).Replace(t.Context(), []byte(head)))
	join := func(n ...int) (log []byte) {
		for _, i := range n {
			log = append(log, lines[i]...)
		}
		return log
	}
	cases := map[string]struct {
		reason, want string
		log          []byte
	}{
		"Order":   {"lines change places", "in another order", join(0, 1, 3, 2, 4)},
		"Missing": {"a line is gone", "are missing", join(0, 1, 2, 4)},
		"Twice":   {"a line is there twice", "in another order", join(0, 1, 2, 2)},
		"Bits":    {"a message is damaged", "damaged", append(join(0, 1), otherBits(lines[2])...)},
		"Clear":   {"a line in clear is slipped in", "damaged", append(join(0, 1, 2), line...)},
		"Head":    {"the head is damaged", "damaged", append([]byte(`{"lockstep_encrypted":"x"}`+"\n"), join(1)...)},
		"Begun":   {"all but the head is gone, which is not the same as no state", "cut off after its first line", join(0)},
		"Half":    {"the first line of the log itself is half there", "cut off after its first line", append(join(0), lines[1][:40]...)},
		"Newer":   {"a later version wrote it", "upgrade", []byte(`{"lockstep_encrypted":9}` + "\n")},
		"Other":   {"lines come from a log of the same key", "in another order", append(bytes.SplitAfter(anew.Log, []byte("\n"))[0], join(1)...)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := k.Backend(&statetest.Memory{Log: tc.log}).Load(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
	half := read(t, k.Backend(&statetest.Memory{Log: append(join(0, 1, 2), lines[3][:40]...)}))
	cut, err := state.Decode(strings.NewReader(half))
	if err != nil || cut.Cut == 0 || cut.Serial != 1 {
		t.Errorf("half a line is one that was cut off: %+v, %v", cut, err)
	}
}

// otherBits changes a character in the middle of a line.
func otherBits(line []byte) []byte {
	line = bytes.Clone(line)
	if at := &line[len(line)/2]; *at == 'A' {
		*at = 'B'
	} else {
		*at = 'A'
	}
	return line
}

// A long log becomes several lines, each of whole lines.
func TestLong(t *testing.T) {
	k := withPhrase(t)
	m := &statetest.Memory{}
	long := head + strings.Repeat(`{"refreshed":{"a":{"at":"`+strings.Repeat("x", 1000)+"\"}}}\n", 3000)
	must(t, k.Backend(m).Replace(t.Context(), []byte(long)))
	if n := bytes.Count(m.Log, []byte("\n")); n != 4 {
		t.Errorf("3 MB are %d lines", n)
	}
	if got := read(t, k.Backend(m)); got != long {
		t.Errorf("%d bytes became %d", len(long), len(got))
	}
}

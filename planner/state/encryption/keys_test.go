package encryption_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"lockstep/planner/state/encryption"
)

func TestKeys(t *testing.T) {
	recipient, identity := person(t)
	path := t.TempDir() + "/key"
	must(t, os.WriteFile(path, []byte("# created: today\n"+identity+"\n"), 0o600))
	cases := map[string]struct {
		reason     string
		recipients []string
		vars       map[string]string
		want       string
	}{
		"Identity": {"a secret key", []string{recipient}, map[string]string{"LOCKSTEP_AGE_IDENTITY": identity}, ""},
		"File":     {"a file of age-keygen", []string{recipient}, map[string]string{"LOCKSTEP_AGE_IDENTITY_FILE": path}, ""},
		"NoFile":   {"a file that is not there", []string{recipient}, map[string]string{"LOCKSTEP_AGE_IDENTITY_FILE": path + "x"}, "cannot read LOCKSTEP_AGE_IDENTITY_FILE"},
		"Public":   {"the other half of a key", []string{recipient}, map[string]string{"LOCKSTEP_AGE_IDENTITY": recipient}, "is not one that age-keygen makes"},
		"Torn":     {"half a secret key is not shown", nil, map[string]string{"LOCKSTEP_AGE_IDENTITY": identity[:40]}, "is not one that age-keygen makes"},
		"Secret":   {"a secret key for a public one is not shown", []string{identity}, nil, "not a public key"},
		"Phrase":   {"a passphrase", nil, map[string]string{"LOCKSTEP_AGE_PASSPHRASE": phrase}, ""},
		"NoPhrase": {"a passphrase that is not set", nil, nil, "set LOCKSTEP_AGE_PASSPHRASE"},
		"Short":    {"one that is guessed", nil, map[string]string{"LOCKSTEP_AGE_PASSPHRASE": "short"}, "has 5 characters"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			k, err := encryption.New(encryption.Settings{Set: true, Recipients: tc.recipients}, func(name string) string { return tc.vars[name] })
			if err == nil {
				err = write(k, &file)
			}
			if tc.want != "" {
				if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), identity[20:40]) {
					t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
				}
				return
			}
			must(t, err)
			text, err := k.File(file.Bytes())
			if err != nil || string(text) != "a plan" || strings.Contains(file.String(), "a plan") {
				t.Errorf("%s: %q, %v", tc.reason, text, err)
			}
			if _, err := (&encryption.Keys{}).File(file.Bytes()); err != encryption.ErrNoKey {
				t.Errorf("it opens without a key: %v", err)
			}
		})
	}
}

func write(k *encryption.Keys, file *bytes.Buffer) error {
	w, err := k.Writer(file)
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte("a plan")); err != nil {
		return err
	}
	return w.Close()
}

package command

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"lockstep/providers"
)

// TestCrash has a provider that panics.
func TestCrash(t *testing.T) {
	t.Chdir(folder(t, "provider \"ghl\" {}\n"))
	var out, err bytes.Buffer
	env := Env{
		Args: []string{"validate"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Now: time.Now,
		Providers: []Provider{{Name: "ghl", New: func(Hooks) providers.Provider { panic("an invented fault") }}},
	}
	if code := Run(context.Background(), env); code != ExitCrashed {
		t.Errorf("exit code %d, want %d", code, ExitCrashed)
	}
	for _, want := range []string{"lockstep has crashed", "an invented fault", "stop_test.go"} {
		if !strings.Contains(err.String(), want) {
			t.Errorf("stderr lacks %q:\n%s", want, err.String())
		}
	}
}

package command

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"lockstep/providers"
)

// TestCrash has a provider that panics.
func TestCrash(t *testing.T) {
	tests := map[string]struct {
		reason string
		fault  func()
		want   string
	}{
		"Runtime": {"The words of the runtime help.", func() { _ = []int{}[len(os.Args)] }, "index out of range"},
		"Quoting": {"Other words may quote a token.", func() { panic("an invented token") }, "A fault of type string"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(folder(t, "provider \"ghl\" {}\n"))
			var out, err bytes.Buffer
			env := Env{
				Args: []string{"validate"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Now: time.Now,
				Providers: []Provider{{Name: "ghl", New: func(Hooks) providers.Provider { tc.fault(); return nil }}},
			}
			if code := Run(context.Background(), env); code != ExitCrashed {
				t.Errorf("exit code %d, want %d", code, ExitCrashed)
			}
			for _, want := range []string{"lockstep has crashed", tc.want, "stop_test.go"} {
				if !strings.Contains(err.String(), want) {
					t.Errorf("%s\nstderr lacks %q:\n%s", tc.reason, want, err.String())
				}
			}
			if strings.Contains(err.String(), "an invented token") {
				t.Errorf("%s\n%s", tc.reason, err.String())
			}
		})
	}
}

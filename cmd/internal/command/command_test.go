package command

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers/ghl/sandbox"
	"lockstep/providers/runkeeper/health"
	runkeeper "lockstep/providers/runkeeper/sandbox"
)

// ran is what a run left behind.
type ran struct {
	code           int
	stdout, stderr string
}

// run carries out a command line in a folder with one file.
func run(ctx context.Context, env Env, dir string, args ...string) ran {
	var stdout, stderr bytes.Buffer
	env.Args = append([]string{"-chdir=" + dir}, args...)
	env.Stdout, env.Stderr, env.Providers, env.Now = &stdout, &stderr, Providers(), time.Now
	if env.Stdin == nil {
		env.Stdin = strings.NewReader("")
	}
	code := Run(ctx, env)
	return ran{code, stdout.String(), stderr.String()}
}

const oneTag = `
provider "ghl" { sandbox = true }

resource "ghl_tag" "vip" { name = "vip" }
`

func folder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestApproval(t *testing.T) {
	cases := map[string]struct {
		reason string
		answer string
		args   []string
		code   int
		want   string
		state  bool
	}{
		"yes":      {reason: "only yes applies", answer: "yes\n", args: []string{"apply"}, code: ExitOK, want: "Apply complete!", state: true},
		"y":        {reason: "y is not yes", answer: "y\n", args: []string{"apply"}, code: ExitError, want: "Not approved"},
		"no input": {reason: "the end of the input is not yes", args: []string{"apply"}, code: ExitError, want: "Not approved"},
		"no asking": {reason: "automation turns questions off", answer: "yes\n", args: []string{"apply", "-input=false"}, code: ExitError,
			want: "Cannot ask for approval"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, oneTag)
			got := run(context.Background(), Env{Stdin: strings.NewReader(tc.answer), StdinTerminal: true}, dir, tc.args...)
			if got.code != tc.code || !strings.Contains(got.stdout+got.stderr, tc.want) {
				t.Errorf("%s: exit %d, want %d and %q:\n%s%s", tc.reason, got.code, tc.code, tc.want, got.stdout, got.stderr)
			}
			if strings.Contains(got.stdout, "Enter a value") {
				t.Error("the question stands on stdout")
			}
			const question = "Do you want to perform these actions in the sandbox location \"Sandbox\" (LOCsandbox0000000000)?"
			if asked := strings.Contains(got.stderr, "Enter a value"); asked != strings.Contains(got.stderr, question) {
				t.Errorf("the question does not name the location:\n%s", got.stderr)
			}
			_, err := os.Stat(filepath.Join(dir, "lockstep.state.jsonl"))
			if exists := err == nil; exists != tc.state {
				t.Errorf("%s: a state exists: %t, want %t", tc.reason, exists, tc.state)
			}
		})
	}
}

// TestRefusedBeforeAsked wants no question where any answer would be refused.
func TestRefusedBeforeAsked(t *testing.T) {
	dir := folder(t, strings.ReplaceAll(oneTag, `{ name = "vip" }`, "{\n count = 20\n name = \"vip ${count.index}\"\n}"))
	if got := run(context.Background(), Env{}, dir, "apply", "-auto-approve"); got.code != ExitOK {
		t.Fatalf("exit %d:\n%s", got.code, got.stderr)
	}
	asked := func() Env { return Env{Stdin: strings.NewReader("yes\n"), StdinTerminal: true} }
	got := run(context.Background(), asked(), dir, "destroy")
	if got.code != ExitRefused || strings.Contains(got.stderr, "Enter a value") || !strings.Contains(got.stderr, "Error: Apply refused") {
		t.Errorf("what the guard refuses exits %d, want %d and no question:\n%s", got.code, ExitRefused, got.stderr)
	}
	got = run(context.Background(), asked(), dir, "destroy", "-accept-deletes=20")
	if got.code != ExitOK || !strings.Contains(got.stderr, "Enter a value") {
		t.Errorf("what was accepted exits %d, want %d and a question:\n%s", got.code, ExitOK, got.stderr)
	}
}

func TestInterrupted(t *testing.T) {
	dir := folder(t, oneTag)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got := run(ctx, Env{}, dir, "apply", "-auto-approve")
	if got.code != ExitInterrupted || strings.Contains(got.stdout, "complete") {
		t.Errorf("a run that was stopped exits %d, want %d:\n%s%s", got.code, ExitInterrupted, got.stdout, got.stderr)
	}
	if got = run(context.Background(), Env{}, dir, "apply", "-auto-approve"); got.code != ExitOK {
		t.Errorf("the next run exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

func TestSandboxServes(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		var stderr bytes.Buffer
		code <- Run(ctx, Env{Args: []string{"sandbox", "-listen=127.0.0.1:0", "-runkeeper=127.0.0.1:0", "-contacts=3", "-rate=off"}, Stdout: writer, Stderr: &stderr, Now: time.Now})
		writer.Close()
	}()
	env := map[string]string{}
	lines := bufio.NewScanner(reader)
	for len(env) < 11 && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		env[name] = value
	}
	request, err := http.NewRequest(http.MethodGet, env["GHL_BASE_URL"]+"/locations/"+env["GHL_LOCATION_ID"], nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+env["GHL_TOKEN"])
	request.Header.Set("Version", "2021-07-28")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the printed variables do not lead to the location: %s", answer.Status)
	}
	client, err := health.New(health.Options{BaseURL: env["RUNKEEPER_BASE_URL"], Token: env["RUNKEEPER_TOKEN_ADA"]})
	if err != nil {
		t.Fatal(err)
	}
	if env["GHL_TOKEN"] == sandbox.DefaultToken || env["GHL_CLIENT_SECRET"] == sandbox.DefaultClientSecret ||
		env["RUNKEEPER_TOKEN_ADA"] == runkeeper.Token("ada") || env["RUNKEEPER_CLIENT_SECRET"] == runkeeper.ClientSecret {
		t.Errorf("the tokens can be guessed: %v", env)
	}
	if person, err := client.Account(ctx); err != nil || person.UserID == "" {
		t.Errorf("the printed variables do not lead to a person: %v", err)
	}
	cancel()
	if got := <-code; got != ExitOK {
		t.Errorf("an interrupted sandbox exits %d, want 0", got)
	}
}

func TestColors(t *testing.T) {
	cases := map[string]struct {
		reason   string
		environ  []string
		mode     string
		terminal bool
		want     bool
	}{
		"terminal":         {reason: "colour on a terminal", mode: "auto", terminal: true, want: true},
		"pipe":             {reason: "no colour in a pipe", mode: "auto", want: false},
		"NO_COLOR":         {reason: "NO_COLOR turns it off", environ: []string{"NO_COLOR=1"}, mode: "auto", terminal: true, want: false},
		"empty NO_COLOR":   {reason: "an empty NO_COLOR says nothing", environ: []string{"NO_COLOR="}, mode: "auto", terminal: true, want: true},
		"dumb":             {reason: "a dumb terminal has none", environ: []string{"TERM=dumb"}, mode: "auto", terminal: true, want: false},
		"FORCE_COLOR":      {reason: "forced in a pipe", environ: []string{"FORCE_COLOR=1"}, mode: "auto", want: true},
		"CLICOLOR_FORCE=0": {reason: "0 forces nothing", environ: []string{"CLICOLOR_FORCE=0"}, mode: "auto", want: false},
		"always":           {reason: "the flag wins", environ: []string{"NO_COLOR=1"}, mode: "always", want: true},
		"never":            {reason: "the flag wins", environ: []string{"FORCE_COLOR=1"}, mode: "never", terminal: true, want: false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			env := Env{Environ: tc.environ}
			if got := env.colors(tc.mode, tc.terminal); got != tc.want {
				t.Errorf("%s: %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}

func TestSatisfies(t *testing.T) {
	type answer struct{ OK, Err bool }
	cases := map[string]struct {
		reason string
		in     string
		want   answer
	}{
		"empty":      {reason: "no constraint", in: "", want: answer{OK: true}},
		"at least":   {reason: "an older one is required", in: ">= 0.1", want: answer{OK: true}},
		"newer":      {reason: "a newer one is required", in: ">= 2", want: answer{}},
		"range":      {reason: "all parts count", in: ">= 0.1, < 1", want: answer{OK: true}},
		"excluded":   {reason: "this one is excluded", in: ">= 0.1, != 1.2.3", want: answer{}},
		"about":      {reason: "the last part may grow", in: "~> 1.0", want: answer{OK: true}},
		"about less": {reason: "the last part may grow, the others not", in: "~> 1.1.0", want: answer{}},
		"exact":      {reason: "without operator it is this one", in: "1.2.3", want: answer{OK: true}},
		"nonsense":   {reason: "not a constraint", in: "newest", want: answer{Err: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			version := "1.2.3"
			if name == "range" {
				version = "0.9.0"
			}
			ok, err := satisfies(version, tc.in)
			if diff := cmp.Diff(tc.want, answer{ok, err != nil}); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestParseRate(t *testing.T) {
	type rate struct {
		Max   int
		Every time.Duration
		Err   bool
	}
	cases := map[string]struct {
		reason string
		in     string
		want   rate
	}{
		"usual":    {reason: "the account's limit", in: "100/10s", want: rate{Max: 100, Every: 10 * time.Second}},
		"off":      {reason: "no limit", in: "off", want: rate{}},
		"no time":  {reason: "a number alone says nothing", in: "100", want: rate{Err: true}},
		"negative": {reason: "it cannot be negative", in: "-1/10s", want: rate{Err: true}},
		"no span":  {reason: "an interval takes time", in: "5/0s", want: rate{Err: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			n, every, err := parseRate(tc.in)
			if diff := cmp.Diff(tc.want, rate{n, every, err != nil}); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

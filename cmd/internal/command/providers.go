package command

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/providers"
	"lockstep/providers/ghl"
	"lockstep/providers/runkeeper"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// Provider is an entry of the list of providers.
type Provider struct {
	// Name as files write it.
	Name string
	// New makes one that is not configured yet.
	New func(Hooks) providers.Provider
}

// Hooks are what a provider tells the command line while it works. They may
// be called by several goroutines at once.
type Hooks struct {
	// UserAgent names this program to the API.
	UserAgent string
	// OnWait hears until when a request waits for the rate limit.
	OnWait func(until time.Time)
	// MaxWait is how long one request may wait for a server.
	MaxWait time.Duration
	// OnSilence hears of a server that has not answered for a while.
	OnSilence func(server string)
	// Log hears of each request; nil when requests are not logged.
	Log func(transport.Event)
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Getenv reads environment variables; nil knows none.
	Getenv func(string) string
	// Locate finds what a path in a provider block leads to, and refuses what the
	// files must not name; nil takes every path.
	Locate func(path string) (string, error)
	// Sandboxes are the emulated HighLevel locations of this run; nil shares none.
	Sandboxes *ghl.Sandboxes
	// Credentials is the path that logins are stored at: LOCKSTEP_CREDENTIALS.
	Credentials string
}

// Providers lists every provider of this program.
func Providers() []Provider {
	return []Provider{
		{Name: "ghl", New: newGHL},
		{Name: "runkeeper", New: newRunkeeper},
	}
}

func newGHL(h Hooks) providers.Provider {
	options := []ghl.Option{ghl.WithUserAgent(h.UserAgent), ghl.WithOnWait(h.OnWait), ghl.WithMaxWait(h.MaxWait), ghl.WithOnSilence(h.OnSilence), ghl.WithLogin(h.storedGHL), ghl.WithSandboxes(h.Sandboxes), ghl.WithPaths(h.Locate)}
	if h.Log != nil {
		options = append(options, ghl.WithLog(h.Log))
	}
	return ghl.New(options...)
}

func newRunkeeper(h Hooks) providers.Provider {
	options := []runkeeper.Option{runkeeper.WithHTTP(health.Options{UserAgent: h.UserAgent, MaxWait: h.MaxWait, OnWait: h.OnWait, OnSilence: h.OnSilence, Log: h.Log, Now: h.Now}), runkeeper.WithLogin(h.storedRunkeeper), runkeeper.WithPaths(h.Locate)}
	if h.Now != nil {
		options = append(options, runkeeper.WithClock(h.Now))
	}
	if h.Getenv != nil {
		options = append(options, runkeeper.WithEnv(h.Getenv))
	}
	return runkeeper.New(options...)
}

func providersCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "providers", Usage: "list the providers, or print what they declare",
		Description: "Lists the providers of this program. `lockstep explain NAME` tells more of one.",
		Commands: []*cli.Command{{
			Name: "schema", Usage: "print what all providers declare, as JSON",
			Description: "The format is that of `terraform providers schema -json`.",
			Flags:       []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print JSON; must be given, as Terraform wants it"}},
			Action: func(_ context.Context, c *cli.Command) error {
				if err := positional(c, 0, 0, ""); err != nil {
					return err
				}
				if !c.Bool("json") {
					return usage("`lockstep providers schema` prints JSON only: give -json. `lockstep explain` is for people.")
				}
				return view.SchemasJSON(s.env.Stdout, s.catalog())
			},
		}},
		Action: func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return unknownCommand(c, name)
			}
			for _, p := range s.catalog() {
				s.say("%s: %d kinds, %d data sources", p.Name, len(p.Kinds), len(p.Data))
			}
			return nil
		},
	}
}

// installed are the providers that can be used, told how to reach this run.
type installed struct {
	list  []Provider
	hooks Hooks
}

// factories make providers by name, for the engine.
func (i installed) factories() map[string]func() providers.Provider {
	made := map[string]func() providers.Provider{}
	for _, p := range i.list {
		made[p.Name] = func() providers.Provider { return p.New(i.hooks) }
	}
	return made
}

// catalog is what all providers declare.
func (i installed) catalog() []*schema.Provider {
	var catalog []*schema.Provider
	for _, p := range i.list {
		catalog = append(catalog, p.New(i.hooks).Schema())
	}
	return catalog
}

// kind returns the kind of a name, nil when no provider has it.
func (i installed) kind(name string) *schema.Kind {
	for _, p := range i.catalog() {
		if kind := p.Kind(name); kind != nil {
			return kind
		}
	}
	return nil
}

// nouns name kinds to people.
func (i installed) nouns() view.Nouns {
	nouns := view.Nouns{}
	for _, p := range i.catalog() {
		for _, k := range p.Kinds {
			nouns[k.Name] = [2]string{k.Noun, k.Plural}
		}
	}
	return nouns
}

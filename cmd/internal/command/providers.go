package command

import (
	"time"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
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
	// Log hears of each request; nil when nobody listens.
	Log func(transport.Event)
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Getenv reads environment variables; nil knows none.
	Getenv func(string) string
	// Credentials says where logins are stored: LOCKSTEP_CREDENTIALS.
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
	options := []ghl.Option{ghl.WithUserAgent(h.UserAgent), ghl.WithOnWait(h.OnWait), ghl.WithLogin(h.storedGHL)}
	if h.Log != nil {
		options = append(options, ghl.WithLog(h.Log))
	}
	return ghl.New(options...)
}

func newRunkeeper(h Hooks) providers.Provider {
	options := []runkeeper.Option{runkeeper.WithHTTP(health.Options{UserAgent: h.UserAgent, OnWait: h.OnWait, Log: h.Log, Now: h.Now}), runkeeper.WithLogin(h.storedRunkeeper)}
	if h.Now != nil {
		options = append(options, runkeeper.WithClock(h.Now))
	}
	if h.Getenv != nil {
		options = append(options, runkeeper.WithEnv(h.Getenv))
	}
	return runkeeper.New(options...)
}

// hooks connect providers with the streams of this run.
func (a *app) hooks() Hooks {
	h := Hooks{
		UserAgent: "lockstep/" + Version, OnWait: a.onWait, Now: a.env.Now, Getenv: a.env.getenv,
		Credentials: a.env.getenv(credentialsVariable),
	}
	if a.env.getenv("LOCKSTEP_LOG") != "" {
		h.Log = a.logEvent
	}
	return h
}

// factories make providers by name, for the engine.
func (a *app) factories() map[string]func() providers.Provider {
	made := map[string]func() providers.Provider{}
	for _, p := range a.env.Providers {
		made[p.Name] = func() providers.Provider { return p.New(a.hooks()) }
	}
	return made
}

// catalog is what all providers declare.
func (a *app) catalog() []*schema.Provider {
	var catalog []*schema.Provider
	for _, p := range a.env.Providers {
		catalog = append(catalog, p.New(a.hooks()).Schema())
	}
	return catalog
}

// nouns name kinds to people.
func (a *app) nouns() view.Nouns {
	nouns := view.Nouns{}
	for _, p := range a.catalog() {
		for _, k := range p.Kinds {
			nouns[k.Name] = [2]string{k.Noun, k.Plural}
		}
	}
	return nouns
}

// onProgress tells how far long work is.
func (a *app) onProgress(p engine.Progress) {
	switch {
	case a.streams():
		a.stream().Progress(p)
	case !a.json:
		a.progress().Show(p)
	}
}

// onWait tells that a request waits for the rate limit.
func (a *app) onWait(until time.Time) {
	switch {
	case a.streams():
		a.stream().RateLimited(until)
	case !a.json:
		a.progress().Wait(until)
	}
}

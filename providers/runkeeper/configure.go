package runkeeper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	// Zones are known by name on every machine.
	_ "time/tzdata"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/runkeeper/sandbox"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// defaultSandbox is where the emulated API keeps its data.
const defaultSandbox = ".lockstep/sandbox/runkeeper"

func configArguments() []schema.ProviderArgument {
	entry := cty.ObjectWithOptionalAttrs(map[string]cty.Type{
		"export": cty.String, "exports": cty.List(cty.String), "timezone": cty.String, "name": cty.String, "token": cty.String, "on_unreadable": cty.String,
	}, []string{"export", "exports", "timezone", "name", "token", "on_unreadable"})
	return []schema.ProviderArgument{{
		Name: "account", Type: cty.Map(entry), SecretEntries: []string{"token"},
		Doc: `One person each, under a name of your own: account "ada" { export = "exports/ada.zip" }. export is a data export of Runkeeper: the ZIP, ` +
			`the folder it was unpacked to, a folder with several ZIPs of the same person, or a pattern such as "exports/ada-*.zip"; exports is a list of those. ` +
			`timezone, such as "Europe/Vienna", is for activities whose track does not tell the zone; name is the person's name, which no export says. Those who have a key of Runkeeper's API give token, a person's access token, instead of export; ` +
			`without either it is taken from the environment variable RUNKEEPER_TOKEN_<ACCOUNT>, or from what "lockstep login runkeeper" stored. Keys have not been given out since 2017. ` +
			`on_unreadable = "skip" lets a plan go on without the account when it cannot be read: what depends on it stays as it is. "error", the default, stops the plan.`,
	}, {
		Name: "base_url", Type: cty.String, Address: true, Env: "RUNKEEPER_BASE_URL", Doc: "Address of the API; " + health.DefaultBaseURL + " when not written. A token from outside the files is not sent to an address that only the files name.",
	}, {
		Name: "sandbox", Type: cty.Bool, Sandbox: schema.SandboxSwitch, Doc: "Talk to an emulated API: every account without an export is an invented person.",
	}, {
		Name: "sandbox_path", Type: cty.String, Sandbox: schema.SandboxFolder, Doc: "Where the emulated API keeps what is written to it; " + defaultSandbox + " by default.",
	}}
}

// Configure takes the arguments of the provider block. Exports are read when
// something of them is first asked for.
func (p *Provider) Configure(_ context.Context, config cty.Value) error {
	accounts := map[string]*account{}
	reach := newReach(config, p.options.health)
	if reach.sandboxed {
		// What is written goes by its own name, so that links on the way are judged.
		dir := cmp.Or(text(config, "sandbox_path"), defaultSandbox)
		if _, err := p.options.locate(dir); err != nil {
			return fmt.Errorf("sandbox_path of the provider runkeeper: %w", err)
		}
		server, err := sandbox.Open(sandbox.Options{Now: p.options.now, DataDir: dir})
		if err != nil {
			return err
		}
		reach.BaseURL, reach.Next, reach.Unlimited = "https://sandbox", server, true
	}
	unpacks := export.NewBudget()
	if v, ok := argument(config, "account"); ok {
		for it := v.ElementIterator(); it.Next(); {
			key, entry := it.Element()
			a, err := newAccount(key.AsString(), entry, exports{find: p.options.locate, unpacks: unpacks})
			if err == nil {
				err = p.connect(a, entry, reach)
			}
			if err != nil {
				return fmt.Errorf("account %q of the provider runkeeper: %w", key.AsString(), err)
			}
			accounts[a.name] = a
		}
	}
	p.accounts, p.names, p.now = accounts, sorted(accounts), p.options.now()
	return nil
}

// CanWrite refuses what is about an account that is an export, or that is not
// there.
func (p *Provider) CanWrite(config cty.Value, _ string, fields schema.Fields) error {
	name := fields.Value("account")
	accounts, ok := argument(config, "account")
	if !ok || !name.IsKnown() || name.Text() == "" {
		return nil
	}
	var names []string
	for it := accounts.ElementIterator(); it.Next(); {
		key, entry := it.Element()
		if names = append(names, key.AsString()); key.AsString() != name.Text() {
			continue
		}
		if _, several := argument(entry, "exports"); text(entry, "export") == "" && !several {
			return nil
		}
		return &providers.FieldError{
			Path: "account", Problem: fmt.Sprintf("account %q is a data export, which can be read and not written", name.Text()),
			Advice: "Only accounts behind Runkeeper's API can be written: take this out, or give the account a token instead of an export.",
		}
	}
	return noAccount(name.Text(), names)
}

func newAccount(name string, entry cty.Value, from exports) (*account, error) {
	a := &account{name: name, exports: from, person: text(entry, "name")}
	if path := text(entry, "export"); path != "" {
		a.paths = append(a.paths, path)
	}
	if list, ok := argument(entry, "exports"); ok {
		for it := list.ElementIterator(); it.Next(); {
			if _, path := it.Element(); !path.IsNull() && path.AsString() != "" {
				a.paths = append(a.paths, path.AsString())
			}
		}
	}
	if name == "" {
		return nil, errors.New("it has no name")
	}
	if zone := text(entry, "timezone"); zone != "" {
		var err error
		if a.zone, err = time.LoadLocation(zone); err != nil {
			return nil, fmt.Errorf(`timezone = %q is not a time zone such as "Europe/Vienna"`, zone)
		}
		a.zoneName = zone
	}
	switch word := text(entry, "on_unreadable"); word {
	case "", "error":
	case "skip":
		a.skip = true
	default:
		return nil, fmt.Errorf(`on_unreadable = %q is neither "error" nor "skip"`, word)
	}
	return a, nil
}

// reach is how all accounts of a provider block reach the API.
type reach struct {
	health.Options
	sandboxed bool
	to        transport.Destination
	// outside names the source outside the files of the tokens in the block; empty
	// when they are written there.
	outside string
}

func newReach(config cty.Value, o health.Options) reach {
	r := reach{Options: o, sandboxed: flag(config, "sandbox")}
	r.BaseURL, r.Server = text(config, "base_url"), &transport.Contact{From: transport.AddressFrom(config, "base_url", "RUNKEEPER_BASE_URL")}
	_, written, _ := transport.Argument(config, "base_url")
	_, _, r.outside = transport.Argument(config, "account")
	r.to = transport.Destination{URL: r.BaseURL, Default: health.DefaultBaseURL, Variable: "RUNKEEPER_BASE_URL", Written: written}
	return r
}

// takes refuses a token from a source outside the files where it must not go.
func (r *reach) takes(source string) error {
	if r.sandboxed || r.Token == "" || source == "" {
		return nil
	}
	return r.to.Takes(source)
}

// connect gives an account without exports its client.
func (p *Provider) connect(a *account, entry cty.Value, reach reach) error {
	reach.Token = text(entry, "token")
	source := reach.outside
	switch {
	case len(a.paths) > 0 && reach.Token != "":
		return errors.New("it has both an export and a token: write one of them")
	case len(a.paths) > 0:
		return nil
	case reach.sandboxed:
		reach.Token = sandbox.Token(a.name)
	case reach.Token != "":
		reach.TokenFrom = "in the block of the account"
		if source != "" {
			reach.TokenFrom = "that " + source + " gave"
		}
		reach.Again = fmt.Sprintf("write the new token into the block of the account %q", a.name)
	default:
		source = tokenVariable(a.name)
		reach.TokenFrom = "in " + source
		reach.Token = p.options.getenv(source)
		reach.Again = fmt.Sprintf("set %s to the new token, or unset it and run `lockstep login runkeeper -account=%s`", tokenVariable(a.name), a.name)
	}
	err := reach.takes(source)
	if err != nil {
		return err
	}
	if reach.Token == "" && p.options.login != nil {
		reach.TokenFrom, reach.Again = "of the stored login", fmt.Sprintf("run `lockstep login runkeeper -account=%s`", a.name)
		if reach.Token, err = p.options.login(a.name, cmp.Or(reach.BaseURL, health.DefaultBaseURL)); err != nil {
			return err
		}
	}
	if reach.Token == "" {
		return fmt.Errorf(`it has no data: write export = "exports/%s.zip", or, with a key of the API, set %s to the person's token or run `+"`lockstep login runkeeper -account=%[1]s`", a.name, tokenVariable(a.name))
	}
	a.client, err = health.New(reach.Options)
	return err
}

// tokenVariable is the environment variable that may hold an account's token.
func tokenVariable(account string) string {
	return "RUNKEEPER_TOKEN_" + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(account))
}

// argument is a known value of an object. ok is false when there is none.
func argument(config cty.Value, name string) (v cty.Value, ok bool) {
	if config.IsNull() || !config.Type().IsObjectType() || !config.Type().HasAttribute(name) {
		return cty.NilVal, false
	}
	v, _ = config.GetAttr(name).Unmark()
	return v, v.IsWhollyKnown() && !v.IsNull()
}

// text is a text of an object, empty when there is none.
func text(config cty.Value, name string) string {
	v, ok := argument(config, name)
	if !ok || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// flag is the truth of an argument.
func flag(config cty.Value, name string) bool {
	v, ok := argument(config, name)
	return ok && v.Type() == cty.Bool && v.True()
}

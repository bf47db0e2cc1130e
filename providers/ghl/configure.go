package ghl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/ghl/sandbox"
	"lockstep/providers/transport"
)

// Configure takes the arguments of the provider block. It makes no API call,
// but may refresh a stored login.
func (p *Provider) Configure(ctx context.Context, config cty.Value) error {
	o := transport.Options{
		BaseURL: textArgument(config, "base_url", defaultBaseURL),
		Next:    p.options.next, Now: p.options.now, Sleep: p.options.sleep,
		MaxWait: p.options.maxWait, Log: p.options.log, OnWait: p.options.onWait, OnSilence: p.options.onSilence, Transient: transient,
		Server: &transport.Contact{From: transport.AddressFrom(config, "base_url", "GHL_BASE_URL")},
	}
	to := targetOf(config)
	if flagArgument(config, "sandbox") {
		server, err := p.openSandbox(config, &to)
		if err != nil {
			return err
		}
		o.BaseURL, o.Next, o.Max = "https://sandbox", server, transport.Unlimited
	}
	if err := to.lacking(); err != nil {
		return err
	}
	o.Advise = newLogin(config, to).advise
	version, err := versionOf(config)
	if err != nil {
		return err
	}
	o.Header = http.Header{"Version": {version}}
	if err := p.authorize(ctx, config, to, &o); err != nil {
		return err
	}
	if p.options.userAgent != "" {
		o.Header.Set("User-Agent", p.options.userAgent)
	}
	client, err := transport.New(o)
	if err != nil {
		return fmt.Errorf("base_url of the provider ghl: %w", err)
	}
	p.account.client, p.account.location, p.account.agency, p.account.host = client, to.location, to.agency, client.Host()
	if flagArgument(config, "sandbox") {
		p.account.host += " " + textArgument(config, "sandbox_path", defaultSandbox)
	}
	p.account.region = spellUpper(textArgument(config, "phone_region", ""))
	return nil
}

// target is the account that is to be reached, and its token.
type target struct {
	// location is empty for an agency, and agency is its id.
	location, agency string
	token            string
	// ofAgency is set when the account is an agency.
	ofAgency bool
}

func targetOf(config cty.Value) target {
	to := target{
		agency: strings.TrimSpace(textArgument(config, "company_id", "")), ofAgency: flagArgument(config, "agency"),
		token: textArgument(config, "token", ""),
	}
	if !to.ofAgency {
		to.location = strings.TrimSpace(textArgument(config, "location_id", ""))
	}
	return to
}

// lacking is an error when it is not said which account is to be reached.
func (t target) lacking() error {
	switch {
	case t.ofAgency && t.agency == "":
		return errors.New("the provider ghl needs company_id, the id of the agency, with agency = true: write it in the provider block or set GHL_COMPANY_ID; HighLevel shows it in the settings of the agency, under Company")
	case !t.ofAgency && t.location == "":
		return errors.New("the provider ghl needs location_id: write it in the provider block or set GHL_LOCATION_ID; with sandbox = true none is needed")
	default:
		return nil
	}
}

// authorize gives requests the token, or what a stored login gives them.
func (p *Provider) authorize(ctx context.Context, config cty.Value, to target, o *transport.Options) error {
	if to.token == "" {
		next, err := p.storedLogin(ctx, to, o.BaseURL)
		o.Next = next
		return err
	}
	if err := mayGo(config, o.BaseURL); err != nil {
		return err
	}
	bearer, err := transport.Bearer(to.token)
	if err != nil {
		return fmt.Errorf("the provider ghl cannot use its token: %w", err)
	}
	o.Header.Set("Authorization", bearer)
	return nil
}

// versions are the values of the Version header under which bodies are as lockstep
// writes them (HighLevel versioning).
var versions = []string{"2021-04-15", defaultVersion, "2023-02-21"}

// versionOf is the Version header of calls that name no other. Under v3 other
// properties are written, which the API would drop without a word.
func versionOf(config cty.Value) (string, error) {
	version := textArgument(config, "api_version", defaultVersion)
	if slices.Contains(versions, version) {
		return version, nil
	}
	return "", fmt.Errorf("the provider ghl does not write as api_version = %q wants it: under another version the properties of contacts and opportunities have other names, and HighLevel drops what it does not know. "+
		"Remove api_version, or write %s. Calls that need v3 ask for it by themselves", version, strings.Join(versions, " or "))
}

// newLogin says what gave the token: the environment, the files, a value from
// outside them, or the store of logins.
func newLogin(config cty.Value, to target) login {
	location := to.location
	l := login{location: location, agency: to.agency, ofAgency: to.ofAgency}
	_, _, source := transport.Argument(config, "token")
	switch {
	case textArgument(config, "token", "") == "":
		again := "`lockstep login ghl -location=" + location + "`"
		l.token, l.renew = "the stored login of the location "+location, "run "+again+" again"
	case source == "GHL_TOKEN":
		l.token, l.renew = "the token in GHL_TOKEN", "set GHL_TOKEN to a current one, or unset it and run `lockstep login ghl`"
	case source != "":
		l.token, l.renew = "the token that "+source+" gave", "give a current one there"
	default:
		l.token, l.renew = "the token in the provider block", "write a current one there, or take it out and set GHL_TOKEN"
	}
	return l
}

// mayGo refuses to send a token to an address that it was not given for. The
// sandbox is within this process, and takes any.
func mayGo(config cty.Value, baseURL string) error {
	_, written, _ := transport.Argument(config, "base_url")
	_, _, source := transport.Argument(config, "token")
	if source == "" || flagArgument(config, "sandbox") {
		return nil
	}
	to := transport.Destination{URL: baseURL, Default: defaultBaseURL, Variable: "GHL_BASE_URL", Written: written}
	return to.Takes(source)
}

// storedLogin is what authorizes requests when there is no token.
func (p *Provider) storedLogin(ctx context.Context, to target, baseURL string) (http.RoundTripper, error) {
	if to.ofAgency {
		return nil, errors.New("the provider ghl needs an agency token with agency = true: write token = var.agency_token in the provider block, where the variable has a private integration token that was made in the settings of the agency")
	}
	location := to.location
	if p.options.login != nil {
		next, err := p.options.login(ctx, location, baseURL, p.options.next)
		if err != nil {
			return nil, fmt.Errorf("the provider ghl has no token: %w", err)
		}
		if next != nil {
			return next, nil
		}
	}
	return nil, errors.New("the provider ghl needs a token: set GHL_TOKEN to a private integration token of the location, " +
		"or run `lockstep login ghl -location=" + location + "`; with sandbox = true none is needed")
}

// maxSeed is how large a seed may be, in bytes.
const maxSeed = 64 << 20

// openSandbox opens the emulated location, and fills in how it is reached.
func (p *Provider) openSandbox(config cty.Value, to *target) (*sandbox.Server, error) {
	// What is written goes by its own name, so that links on the way are judged.
	dir := textArgument(config, "sandbox_path", defaultSandbox)
	_, err := p.options.locate(dir)
	if err != nil {
		return nil, fmt.Errorf("sandbox_path of the provider ghl: %w", err)
	}
	o := sandbox.Options{Location: to.location, DataDir: dir}
	path := textArgument(config, "sandbox_seed", "")
	if path != "" {
		if o.Seed, err = p.seed(path); err != nil {
			return nil, fmt.Errorf("sandbox_seed of the provider ghl: %w", err)
		}
	}
	level := theLocation
	if to.ofAgency {
		level = theAgency
	}
	server, release, err := p.options.sandboxes.take(level, path, o)
	var seed *sandbox.SeedError
	if errors.As(err, &seed) {
		return nil, fmt.Errorf("sandbox_seed of the provider ghl: %s: %w", path, seed.Err)
	}
	if err != nil {
		return nil, err
	}
	p.account.close, p.account.emulated = release, true
	if to.ofAgency {
		to.agency, to.token = server.Company(), server.AgencyToken()
	} else {
		to.location, to.token = server.Location(), server.Token()
	}
	return server, nil
}

// seed reads what a new sandbox contains. A device or a pipe may keep whoever
// opens it waiting, so it is not opened.
func (p *Provider) seed(path string) ([]byte, error) {
	name, err := p.options.locate(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxSeed:
		return nil, fmt.Errorf("%s is no regular file of at most %d MiB", path, maxSeed>>20)
	}
	return os.ReadFile(name)
}

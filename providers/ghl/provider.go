package ghl

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

const (
	defaultBaseURL = "https://services.leadconnectorhq.com"
	defaultVersion = "2021-07-28"
	defaultSandbox = ".lockstep/sandbox/ghl"
)

// Provider is one HighLevel location, or an agency. Make one with New.
type Provider struct {
	account  *account
	declared *schema.Provider
	options  options
}

// The provider keeps the whole contract.
var (
	_ providers.Provider   = (*Provider)(nil)
	_ providers.Normalizer = (*Provider)(nil)
	_ providers.KeyChecker = (*Provider)(nil)
	_ providers.Previewer  = (*Provider)(nil)
	_ providers.Identified = (*Provider)(nil)
	_ providers.Counter    = (*Provider)(nil)
	_ providers.Closer     = (*Provider)(nil)
	_ providers.Leveled    = (*Provider)(nil)
	_ providers.Foreseer   = (*Provider)(nil)
)

type options struct {
	next      http.RoundTripper
	now       func() time.Time
	sleep     func(context.Context, time.Duration) error
	userAgent string
	onWait    func(time.Time)
	onSilence func(server string)
	maxWait   time.Duration
	log       func(transport.Event)
	login     FindLogin
	locate    func(path string) (string, error)
	sandboxes *Sandboxes
}

// FindLogin finds the stored login of a location for which no token is given. It
// returns what authorizes requests to the API at baseURL and sends them
// through next, which may be nil; or nil when nobody has logged in.
type FindLogin func(ctx context.Context, location, baseURL string, next http.RoundTripper) (http.RoundTripper, error)

// Option changes how a provider reaches the API.
type Option func(*options)

// WithRoundTripper sends requests through rt, below limits and retries.
func WithRoundTripper(rt http.RoundTripper) Option { return func(o *options) { o.next = rt } }

// WithClock replaces the clock, and how to wait, for tests.
func WithClock(now func() time.Time, sleep func(context.Context, time.Duration) error) Option {
	return func(o *options) { o.now, o.sleep = now, sleep }
}

// WithUserAgent sets the User-Agent header.
func WithUserAgent(agent string) Option { return func(o *options) { o.userAgent = agent } }

// WithOnWait is told until when a request waits for the rate limit.
func WithOnWait(f func(until time.Time)) Option { return func(o *options) { o.onWait = f } }

// WithMaxWait limits how long one request may wait; see transport.Options.
func WithMaxWait(d time.Duration) Option { return func(o *options) { o.maxWait = d } }

// WithOnSilence is told of a server that has not answered for a while.
func WithOnSilence(f func(server string)) Option { return func(o *options) { o.onSilence = f } }

// WithLog is told about each request, without any secret.
func WithLog(f func(transport.Event)) Option { return func(o *options) { o.log = f } }

// WithSandboxes shares emulated locations with their agencies.
func WithSandboxes(s *Sandboxes) Option { return func(o *options) { o.sandboxes = s } }

// WithLogin finds stored logins, for when no token is given.
func WithLogin(f FindLogin) Option { return func(o *options) { o.login = f } }

// WithPaths finds the files and folders that the provider block names, and refuses
// those that it must not name. Without it every path is taken as it is.
func WithPaths(locate func(path string) (string, error)) Option {
	return func(o *options) {
		if locate != nil {
			o.locate = locate
		}
	}
}

// New makes a provider that is not configured yet.
func New(opts ...Option) providers.Provider {
	p := &Provider{account: &account{kinds: map[string]*kind{}, actions: map[string]*action{}}}
	p.options.locate = func(path string) (string, error) { return path, nil }
	for _, o := range opts {
		o(&p.options)
	}
	all := kinds()
	slices.SortFunc(all, func(a, b *kind) int { return strings.Compare(a.Name, b.Name) })
	p.declared = &schema.Provider{
		Name: "ghl",
		Doc: "HighLevel (GoHighLevel), one location. A private integration token of the location with the scopes of the kinds in use is all it needs. " +
			"With sandbox = true it talks to an emulator inside the program instead, and needs no account.",
		Config: configArguments(),
	}
	for _, k := range all {
		p.account.kinds[k.Name] = k
		p.declared.Kinds = append(p.declared.Kinds, &k.Kind)
		p.declared.Data = append(p.declared.Data, k.data...)
	}
	for _, a := range actions() {
		p.account.actions[a.Name] = a
		p.declared.Actions = append(p.declared.Actions, &a.Action)
	}
	slices.SortFunc(p.declared.Data, func(a, b *schema.DataSource) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// kinds are the declarations of all kinds.
func kinds() []*kind {
	return []*kind{
		appointmentKind(),
		appointmentNoteKind(),
		associationKind(),
		blogKind(),
		blogAuthorKind(),
		blogCategoryKind(),
		blogPostKind(),
		blogSlugKind(),
		blockSlotKind(),
		businessKind(),
		calendarKind(),
		calendarGroupSlugKind(),
		calendarGroupKind(),
		calendarNotificationKind(),
		calendarResourceKind(),
		campaignKind(),
		campaignEnrolmentKind(),
		companyKind(),
		contactKind(),
		contactAppointmentKind(),
		conversationKind(),
		customFieldKind(),
		customValueKind(),
		emailKind(),
		freeSlotKind(),
		locationKind(),
		lostReasonKind(),
		messageKind(),
		noteKind(),
		opportunityKind(),
		pipelineKind(),
		recordingKind(),
		relationKind(),
		snapshotKind(),
		sentenceKind(),
		tagKind(),
		taskKind(),
		transcriptKind(),
		userKind(),
		workflowKind(),
		workflowEnrolmentKind(),
	}
}

// Schema declares kinds and data sources.
func (p *Provider) Schema() *schema.Provider { return p.declared }

func configArguments() []schema.ProviderArgument {
	return []schema.ProviderArgument{
		{Name: "location_id", Type: cty.String, Env: "GHL_LOCATION_ID", Doc: "Id of the location (sub-account). Required without sandbox and agency."},
		{Name: "token", Type: cty.String, Sensitive: true, Env: "GHL_TOKEN", Doc: "Private integration token or access token of the location, or of the agency. Without it, what `lockstep login ghl` stored for the location is used."},
		{Name: "agency", Type: cty.Bool, Doc: "The token is that of an agency, and the kinds and data sources of the agency are offered in place of those of a location: for a provider block with an alias."},
		{Name: "company_id", Type: cty.String, Env: "GHL_COMPANY_ID", Doc: "Id of the agency. Required with agency = true, but for the sandbox; a location tells that of its own."},
		{Name: "base_url", Type: cty.String, Address: true, Env: "GHL_BASE_URL", Doc: "Address of the API; " + defaultBaseURL + " when not written. A token from outside the files is not sent to an address that only the files name."},
		{Name: "api_version", Type: cty.String, Doc: "Value of the Version header, a date of version 2 of the API; " + defaultVersion + " when not written. Calls that need v3 ask for it by themselves."},
		{Name: "phone_region", Type: cty.String, Doc: "Two-letter country of phone numbers written without +; the location's country when not written."},
		{Name: "sandbox", Type: cty.Bool, Sandbox: schema.SandboxSwitch, Doc: "Talk to an emulated location instead of the API."},
		{Name: "sandbox_seed", Type: cty.String, Doc: "File with what a new sandbox contains, JSON."},
		{Name: "sandbox_path", Type: cty.String, Sandbox: schema.SandboxFolder, Doc: "Folder that keeps the sandbox; " + defaultSandbox + " when not written."},
	}
}

// Preview takes the region of phone numbers.
func (p *Provider) Preview(config cty.Value) {
	p.account.region = spellUpper(textArgument(config, "phone_region", ""))
}

// Account names the location or agency without any secret.
func (p *Provider) Account() string {
	if !p.account.configured() {
		return ""
	}
	return "ghl:" + p.account.id() + "@" + p.account.host
}

// Bindings names the location or agency, which all objects belong to.
func (p *Provider) Bindings() map[string]string {
	if !p.account.configured() {
		return nil
	}
	if p.account.location == "" {
		return map[string]string{"": "agency " + p.account.agency}
	}
	return map[string]string{"": "location " + p.account.location}
}

// Usage counts the API calls so far.
func (p *Provider) Usage() providers.Usage {
	if !p.account.configured() {
		return providers.Usage{DailyRemaining: -1}
	}
	return p.account.client.Usage()
}

// Close lets the sandbox go, if there is one.
func (p *Provider) Close() error {
	if p.account.close == nil {
		return nil
	}
	return p.account.close()
}

// kindOf finds a declaration, once the provider is configured.
func (p *Provider) kindOf(name string) (*kind, error) {
	k := p.account.kinds[name]
	if k == nil {
		return nil, fmt.Errorf("the provider ghl has no kind %q", name)
	}
	if !p.account.configured() {
		return nil, fmt.Errorf("the provider ghl is not configured")
	}
	return k, nil
}

// textArgument is the text of an argument of the provider block.
func textArgument(config cty.Value, name, otherwise string) string {
	if config.IsNull() || !config.Type().IsObjectType() || !config.Type().HasAttribute(name) {
		return otherwise
	}
	v, _ := config.GetAttr(name).Unmark()
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return otherwise
	}
	return cmp.Or(v.AsString(), otherwise)
}

// flagArgument is the truth of an argument of the provider block.
func flagArgument(config cty.Value, name string) bool {
	if config.IsNull() || !config.Type().IsObjectType() || !config.Type().HasAttribute(name) {
		return false
	}
	v, _ := config.GetAttr(name).Unmark()
	return !v.IsNull() && v.IsKnown() && v.Type() == cty.Bool && v.True()
}

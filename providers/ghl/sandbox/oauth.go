package sandbox

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The endpoints of OAuth 2.0 that need no token (HighLevel OAuth 2.0,
// authorization). The authorize page has an old address and a new one.
const tokenPath = "/oauth/token"

var authorizePaths = map[string]bool{"/v2/oauth/chooselocation": true, "/oauth/chooselocation": true}

// AuthorizePath is the current path of the authorize page.
const AuthorizePath = "/v2/oauth/chooselocation"

// The two kinds of OAuth token: an agency's and a location's.
const (
	companyUser  = "Company"
	locationUser = "Location"
)

// codeLifetime is how long an authorization code can be redeemed.
const codeLifetime = 10 * time.Minute

// knownScopes are the scopes an app may ask for (HighLevel OAuth 2.0, scopes).
const knownScopes = `contacts.readonly contacts.write locations.readonly locations.write
	locations/tags.readonly locations/tags.write locations/customFields.readonly locations/customFields.write
	locations/customValues.readonly locations/customValues.write locations/tasks.readonly locations/tasks.write
	opportunities.readonly opportunities.write calendars.readonly calendars.write
	calendars/groups.readonly calendars/groups.write calendars/events.readonly calendars/events.write
	calendars/resources.readonly calendars/resources.write users.readonly users.write
	conversations.readonly conversations.write conversations/message.readonly conversations/message.write
	conversations/livechat.write businesses.readonly businesses.write workflows.readonly campaigns.readonly
	associations.readonly associations.write associations/relation.readonly associations/relation.write
	objects/schema.readonly objects/schema.write objects/record.readonly objects/record.write
	blogs/list.readonly blogs/posts.readonly blogs/author.readonly blogs/category.readonly
	blogs/check-slug.readonly blogs/post.write blogs/post-update.write
	companies.readonly snapshots.readonly oauth.readonly oauth.write`

// OAuthApp is the app that users let in.
type OAuthApp struct {
	ID, Secret    string        // DefaultClientID and DefaultClientSecret when empty
	AutoApprove   bool          // the authorize page redirects at once, as with auto=1 in its query
	TokenLifetime time.Duration // of access tokens, in whole seconds; 86,399 s when zero
}

// oauth gives out the tokens of the app. Codes live in memory only.
type oauth struct {
	*collection[issued] // by their digest
	app                 OAuthApp
	l                   *location
	codes               map[string]code
}

// code is an approval that waits to be redeemed.
type code struct {
	grant
	redirect string
	// challenge binds the code to who asked for it (RFC 7636); empty without PKCE.
	challenge string
	expires   time.Time
}

func newOAuth(app OAuthApp, l *location) *oauth {
	return &oauth{collection: newCollection[issued](l.store, "token"), app: app, l: l, codes: map[string]code{}}
}

// authorize shows the page on which a user lets the app in, and sends the
// browser back to the app with the decision.
func (o *oauth) authorize(c *call) *answer {
	ask := c.query
	switch c.method {
	case http.MethodGet:
	case http.MethodPost:
		form, err := url.ParseQuery(string(c.rawBody))
		if err != nil {
			return problemPage("The form is malformed.")
		}
		ask = form
	default:
		return cannot(c)
	}
	back, err := redirectOf(ask.Get("redirect_uri"))
	if problem := o.refuses(ask); problem != "" || err != "" {
		return problemPage(problem + err)
	}
	if c.method == http.MethodGet && !o.app.AutoApprove && ask.Get("auto") != "1" {
		return o.askPage(ask)
	}
	if ask.Get("decision") == "deny" {
		return backTo(back, ask, "error", "access_denied")
	}
	user := ask.Get("user_type")
	if user == "" {
		user = locationUser
	}
	approved := rand.Text()
	o.codes[approved] = code{
		grant: o.granted(user, strings.Fields(ask.Get("scope"))), redirect: ask.Get("redirect_uri"),
		challenge: ask.Get("code_challenge"), expires: c.now.Add(codeLifetime),
	}
	return backTo(back, ask, "code", approved)
}

// granted is what a user lets the app do.
func (o *oauth) granted(user string, scopes []string) grant {
	return grant{User: user, Location: o.l.settings.ID, Scopes: scopes}
}

// refuses returns what is wrong with a request for approval, or "".
func (o *oauth) refuses(ask url.Values) string {
	if ask.Get("response_type") != "code" {
		return "response_type must be code. "
	}
	if ask.Get("client_id") != o.app.ID {
		return "No app has this client_id. "
	}
	if user := ask.Get("user_type"); user != "" && user != companyUser && user != locationUser {
		return "user_type must be Company or Location. "
	}
	if ask.Get("code_challenge") != "" && ask.Get("code_challenge_method") != "S256" {
		return "code_challenge_method must be S256. "
	}
	scopes, known := strings.Fields(ask.Get("scope")), strings.Fields(knownScopes)
	if len(scopes) == 0 {
		return "scope is missing. "
	}
	for _, scope := range scopes {
		if !slices.Contains(known, scope) {
			return "The scope " + scope + " does not exist. "
		}
	}
	return ""
}

// redirectOf reads where the browser goes back to: https, or this machine.
func redirectOf(text string) (to *url.URL, problem string) {
	to, err := url.Parse(text)
	if err != nil || to.Host == "" || to.Fragment != "" {
		return nil, "redirect_uri must be an absolute address without a fragment."
	}
	ip := net.ParseIP(to.Hostname())
	local := to.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if to.Scheme != "https" && !(to.Scheme == "http" && local) {
		return nil, "redirect_uri must be https, or http to this machine."
	}
	return to, ""
}

// backTo sends the browser back to the app.
func backTo(to *url.URL, ask url.Values, name, value string) *answer {
	query := to.Query()
	query.Set(name, value)
	if state := ask.Get("state"); state != "" {
		query.Set("state", state)
	}
	to.RawQuery = query.Encode()
	header := http.Header{}
	header.Set("Location", to.String())
	return &answer{status: http.StatusFound, page: []byte{}, header: header}
}

var askTemplate = template.Must(template.New("ask").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Let the app in?</title></head><body>
<h1>Let the app in?</h1>
<p>The app <code>{{.App}}</code> asks for:</p>
<ul>{{range .Scopes}}<li><code>{{.}}</code></li>{{end}}</ul>
<form method="post">
{{range .Fields}}<input type="hidden" name="{{index . 0}}" value="{{index . 1}}">
{{end}}<p><label>Install it in <select name="user_type">
<option value="Location">the location {{.Location}}</option>
<option value="Company"{{if .Agency}} selected{{end}}>the agency {{.Company}}</option>
</select></label></p>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
</form></body></html>
`))

// askPage names the app and what it asks for.
func (o *oauth) askPage(ask url.Values) *answer {
	var fields [][2]string
	for _, name := range []string{"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"} {
		fields = append(fields, [2]string{name, ask.Get(name)})
	}
	var page bytes.Buffer
	err := askTemplate.Execute(&page, map[string]any{
		"App": o.app.ID, "Scopes": strings.Fields(ask.Get("scope")), "Fields": fields,
		"Location": o.l.settings.ID, "Company": o.l.settings.CompanyID, "Agency": ask.Get("user_type") == companyUser,
	})
	if err != nil { // the template fits what it is given
		return problemPage("The page cannot be shown.")
	}
	return &answer{status: http.StatusOK, page: page.Bytes()}
}

func problemPage(problem string) *answer {
	return &answer{status: http.StatusBadRequest, page: []byte(
		"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Error</title></head><body><h1>The app cannot be let in</h1><p>" +
			template.HTMLEscapeString(strings.TrimSpace(problem)) + "</p></body></html>\n")}
}

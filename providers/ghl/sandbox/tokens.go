package sandbox

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/oauth2"
)

// How long tokens live (HighLevel OAuth 2.0, tokens).
const (
	tokenLifetime   = 86_399 * time.Second
	refreshLifetime = 365 * 24 * time.Hour
	// refreshGrace is how long a refresh token that was used goes on giving
	// the same new pair, for those who refresh at the same time.
	refreshGrace = 30 * time.Second
)

// The uses of a token.
const (
	accessToken  = "access"
	refreshToken = "refresh"
)

// grant is what a token allows.
type grant struct {
	User     string   `json:"userType"` // Company or Location
	Location string   `json:"locationId"`
	Scopes   []string `json:"scopes"`
}

// issued is a token as it is kept: by its digest, never by itself.
type issued struct {
	grant
	Use     string `json:"use"`
	Expires int64  `json:"expires"`        // ms
	Used    int64  `json:"used,omitempty"` // when a refresh token was first used, ms
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// derive makes the token that follows from a code or from the refresh token
// before it. That way the pair of a used refresh token can be answered again
// although it is not kept anywhere.
func (o *oauth) derive(use, from string) string {
	mac := hmac.New(sha256.New, []byte(o.app.Secret))
	mac.Write([]byte(use + "/" + from)) // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// access finds the access token of a request, if it is good.
func (o *oauth) access(token string, now time.Time) (*issued, bool) {
	t, known := o.byID[digest(token)]
	good := known && t.Use == accessToken && t.Expires > millis(now) && t.Location == o.l.settings.ID
	return t, good
}

// issue is the token endpoint.
func (o *oauth) issue(c *call) *answer {
	if c.method != http.MethodPost {
		return cannot(c)
	}
	form, err := url.ParseQuery(string(c.rawBody))
	if err != nil {
		return badRequest("Unexpected token in form")
	}
	for _, name := range []string{"client_id", "client_secret", "grant_type"} {
		if form.Get(name) == "" {
			return badRequest("Missing parameter: " + name)
		}
	}
	if !equal(form.Get("client_id"), o.app.ID) || !equal(form.Get("client_secret"), o.app.Secret) {
		return unauthorized("Invalid client credentials")
	}
	if user := form.Get("user_type"); user != "" && user != companyUser && user != locationUser {
		return badRequest("Invalid parameter: user_type")
	}
	o.forget(c.now)
	var a *answer
	switch form.Get("grant_type") {
	case "authorization_code":
		a = o.redeem(c, form)
	case "refresh_token":
		a = o.rotate(c, form.Get("refresh_token"))
	default:
		return badRequest("Invalid parameter: grant_type")
	}
	if err := o.store.flush(); err != nil {
		return serverError()
	}
	return a
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// verifies reports whether a verifier belongs to the challenge of a code. Without a
// challenge there is none (RFC 9700, section 2.1.1).
func (c code) verifies(verifier string) bool {
	if c.challenge == "" || verifier == "" {
		return c.challenge == verifier
	}
	return equal(oauth2.S256ChallengeFromVerifier(verifier), c.challenge)
}

// redeem gives the first pair for a code, which is good for once.
func (o *oauth) redeem(c *call, form url.Values) *answer {
	given := form.Get("code")
	approved, known := o.codes[given]
	delete(o.codes, given)
	back := form.Get("redirect_uri")
	if !known || c.now.After(approved.expires) || back != "" && back != approved.redirect || !approved.verifies(form.Get("code_verifier")) {
		return badRequest("Invalid grant: authorization code is invalid")
	}
	if user := form.Get("user_type"); user != "" {
		approved.User = user
	}
	return o.pair(c, approved.grant, given)
}

// rotate gives a new pair for a refresh token, which is then used up.
func (o *oauth) rotate(c *call, old string) *answer {
	invalid := badRequest("Invalid grant: refresh token is invalid")
	t, known := o.byID[digest(old)]
	if !known || t.Use != refreshToken || t.Expires <= millis(c.now) || t.Location != o.l.settings.ID {
		return invalid
	}
	if t.Used == 0 {
		used := *t
		used.Used = millis(c.now)
		o.put(c.now, digest(old), &used)
	} else if millis(c.now)-t.Used > refreshGrace.Milliseconds() {
		return invalid
	}
	return o.pair(c, t.grant, old)
}

// pair answers the access and refresh token that follow from a code or an
// older refresh token. Asking twice gives the same pair.
func (o *oauth) pair(c *call, g grant, from string) *answer {
	body := o.bearer(c, g, o.derive(accessToken, from))
	refresh := o.derive(refreshToken, from)
	if _, made := o.byID[digest(refresh)]; !made {
		o.put(c.now, digest(refresh), &issued{
			grant: g, Use: refreshToken, Expires: millis(c.now.Add(refreshLifetime))})
	}
	body["refresh_token"] = refresh
	body["refreshTokenId"] = uuid.NewSHA1(uuid.NameSpaceURL, []byte(digest(refresh))).String()
	return ok(body)
}

// bearer keeps an access token, unless it was issued before, and describes it.
func (o *oauth) bearer(c *call, g grant, token string) object {
	t, made := o.byID[digest(token)]
	if !made {
		t = &issued{grant: g, Use: accessToken, Expires: millis(c.now.Add(o.app.TokenLifetime))}
		o.put(c.now, digest(token), t)
	}
	body := object{
		"access_token": token, "token_type": "Bearer", "expires_in": (t.Expires - millis(c.now)) / 1000,
		"scope": strings.Join(g.Scopes, " "), "userType": g.User, "companyId": o.l.settings.CompanyID,
		"userId": o.installer(), "isBulkInstallation": g.User == companyUser,
	}
	if g.User == companyUser {
		body["approvedLocations"] = []string{g.Location}
	} else {
		body["locationId"] = g.Location
	}
	return body
}

// installer is the user who let the app in: the location's first one, if it
// has any.
func (o *oauth) installer() string {
	return cmp.Or(o.l.users.first(), "USRsandbox0000000000")
}

// forget drops the tokens that no request can use any more.
func (o *oauth) forget(now time.Time) {
	var old []string
	for id, t := range o.all() {
		spent := t.Used != 0 && millis(now)-t.Used > refreshGrace.Milliseconds()
		if spent || t.Expires <= millis(now) {
			old = append(old, id)
		}
	}
	for _, id := range old {
		o.drop(now, id)
	}
}

func (o *oauth) routes() []route {
	token := shape{"companyId": {kind: text, need: true}, "locationId": {kind: text, need: true}}
	installed := shape{
		"companyId": {kind: text, need: true}, "appId": {kind: text, need: true}, "versionId": {kind: text},
		"skip": {kind: number}, "limit": {kind: number}, "query": {kind: text}, "isInstalled": {kind: flag},
		"onTrial": {kind: flag}, "planId": {kind: text}, "locationId": {kind: text},
	}
	const reads, writes = "oauth.readonly", "oauth.write"
	routes := []route{
		{method: http.MethodGet, pattern: "/oauth/installedLocations", scope: reads, query: installed, serve: o.installedLocations},
		{method: http.MethodPost, pattern: "/oauth/locationToken", form: true, scope: writes, body: token, serve: o.locationToken},
		{method: http.MethodGet, pattern: "/oauth/installed-locations", v3: true, scope: reads, query: installed, serve: o.installedLocations},
		{method: http.MethodPost, pattern: "/oauth/location-token", v3: true, form: true, scope: writes, body: token, serve: o.locationToken},
	}
	for i := range routes {
		routes[i].agency, routes[i].oauth = true, true
	}
	return routes
}

// locationToken gives a location's token for an agency's.
func (o *oauth) locationToken(c *call) *answer {
	if c.body["companyId"] != o.l.settings.CompanyID {
		return agencyOnly()
	}
	o.forget(c.now)
	from := c.header.Get("Authorization") + "/" + stamp(millis(c.now)) + "/" + o.l.settings.ID
	return o.pair(c, o.granted(locationUser, c.granted), from)
}

// installedLocations lists where the app is installed: in the one location.
func (o *oauth) installedLocations(c *call) *answer {
	l := o.l.settings
	if c.query.Get("companyId") != l.CompanyID {
		return agencyOnly()
	}
	return ok(object{"locations": []object{{"_id": l.ID, "name": l.Name, "address": "", "isInstalled": true}},
		"count": 1, "installToFutureLocations": false})
}

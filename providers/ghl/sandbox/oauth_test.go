package sandbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
)

const appAddress = "http://127.0.0.1:8123/callback"

// asking is the query of a good request for approval, with changes; an empty
// value removes.
func asking(changes ...string) string {
	query := url.Values{
		"response_type": {"code"}, "client_id": {DefaultClientID}, "redirect_uri": {appAddress},
		"scope": {"contacts.readonly locations.readonly"}, "state": {"s&1"},
	}
	for i := 0; i < len(changes); i += 2 {
		query.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			query.Del(changes[i])
		}
	}
	return query.Encode()
}

// approve lets the app in and gives the code.
func (c *client) approve(changes ...string) string {
	c.t.Helper()
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, httptest.NewRequest("GET", AuthorizePath+"?"+asking(append(changes, "auto", "1")...), nil))
	back, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || rec.Code != http.StatusFound {
		c.t.Fatalf("the authorize page answers %d %s: %v", rec.Code, rec.Body, err)
	}
	return back.Query().Get("code")
}

// exchange asks the token endpoint, as the app unless the changes say otherwise.
func (c *client) exchange(changes ...string) (int, object) {
	c.t.Helper()
	form := url.Values{"client_id": {DefaultClientID}, "client_secret": {DefaultClientSecret}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	req := httptest.NewRequest("POST", "/oauth/token", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec, body := c.send(req)
	delete(body, "traceId")
	return rec.Code, body
}

func (c *client) redeem(code string) object {
	c.t.Helper()
	status, body := c.exchange("grant_type", "authorization_code", "code", code, "redirect_uri", appAddress)
	if status != http.StatusOK {
		c.t.Fatalf("a good code answers %d %v", status, body)
	}
	return body
}

func (c *client) refresh(token any) (int, object) {
	c.t.Helper()
	return c.exchange("grant_type", "refresh_token", "refresh_token", token.(string))
}

// with sends a request with another token.
func (c *client) with(token any, method, path, body string) (int, any) {
	c.t.Helper()
	req := c.request(method, path, body)
	req.Header.Set("Authorization", "Bearer "+token.(string))
	rec, out := c.send(req)
	return rec.Code, out["message"]
}

// approval is a visit to the authorize page.
type approval struct {
	reason, method, path, query, form string
	auto                              bool
	want                              int
	wantText                          string // in the page
	wantBack                          string // the address that is gone to, with the code as CODE
}

func visitAll(t *testing.T, cases map[string]approval) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := open(t, Options{App: OAuthApp{AutoApprove: tc.auto}})
			method, path := "GET", AuthorizePath
			if tc.method != "" {
				method = tc.method
			}
			if tc.path != "" {
				path = tc.path
			}
			rec := httptest.NewRecorder()
			c.server.ServeHTTP(rec, httptest.NewRequest(method, path+"?"+tc.query, strings.NewReader(tc.form)))
			back := rec.Header().Get("Location")
			if at, err := url.Parse(back); err == nil && at.Query().Get("code") != "" {
				back = strings.Replace(back, at.Query().Get("code"), "CODE", 1)
			}
			if diff := cmp.Diff([]any{tc.want, tc.wantBack}, []any{rec.Code, back}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if !strings.Contains(rec.Body.String(), tc.wantText) {
				t.Errorf("%s: the page lacks %q:\n%s", tc.reason, tc.wantText, rec.Body)
			}
		})
	}
}

func TestAuthorize(t *testing.T) {
	visitAll(t, map[string]approval{
		"page": {
			reason: "it names the app and the scopes", query: asking(), want: 200,
			wantText: "<code>contacts.readonly</code></li><li><code>locations.readonly</code>",
		},
		"old address": {reason: "both addresses work", path: "/oauth/chooselocation", query: asking(), want: 200, wantText: DefaultClientID},
		"escaped": {
			reason: "what is asked is text, not HTML", query: asking("state", `"><script>`), want: 200,
			wantText: `value="&#34;&gt;&lt;script&gt;"`,
		},
		"allow": {
			reason: "the code and the state go back", method: "POST", form: asking("decision", "allow", "user_type", "Location"),
			want: 302, wantBack: appAddress + "?code=CODE&state=s%261",
		},
		"deny": {
			reason: "so does a refusal", method: "POST", form: asking("decision", "deny"),
			want: 302, wantBack: appAddress + "?error=access_denied&state=s%261",
		},
		"auto":         {reason: "no click is needed", query: asking("auto", "1", "state", ""), want: 302, wantBack: appAddress + "?code=CODE"},
		"auto-approve": {reason: "nor here", auto: true, query: asking("state", ""), want: 302, wantBack: appAddress + "?code=CODE"},
		"kept query": {
			reason: "the address keeps what it has", query: asking("auto", "1", "state", "", "redirect_uri", "https://app.example.com/back?x=1"),
			want: 302, wantBack: "https://app.example.com/back?code=CODE&x=1",
		},
	})
}

func TestAuthorizeRefuses(t *testing.T) {
	visitAll(t, map[string]approval{
		"no such app":      {reason: "the app is named", query: asking("client_id", "other"), want: 400, wantText: "No app has this client_id."},
		"no scope":         {reason: "an app asks for something", query: asking("scope", ""), want: 400, wantText: "scope is missing."},
		"unknown scope":    {reason: "a slip is told", query: asking("scope", "contacts.read<b>"), want: 400, wantText: "The scope contacts.read&lt;b&gt; does not exist."},
		"other flow":       {reason: "only codes are given", query: asking("response_type", "token"), want: 400, wantText: "response_type must be code."},
		"relative address": {reason: "there is nowhere to go", query: asking("redirect_uri", "/back"), want: 400, wantText: "absolute address"},
		"plain address":    {reason: "a code must not travel in the open", query: asking("redirect_uri", "http://app.example.com/"), want: 400, wantText: "must be https"},
		"other scheme":     {reason: "scripts are no address", query: asking("redirect_uri", "javascript://localhost/"), want: 400, wantText: "must be https"},
		"other user":       {reason: "two kinds of token", query: asking("user_type", "User"), want: 400, wantText: "Company or Location"},
	})
}

func TestTokenRefusals(t *testing.T) {
	cases := map[string]struct {
		reason string
		form   []string
		want   int
		words  string
	}{
		"no grant":      {reason: "it is required", want: 400, words: "Missing parameter: grant_type"},
		"no client":     {reason: "it is required", form: []string{"client_id", ""}, want: 400, words: "Missing parameter: client_id"},
		"other grant":   {reason: "two are known", form: []string{"grant_type", "password"}, want: 400, words: "Invalid parameter: grant_type"},
		"other secret":  {reason: "the app must prove itself", form: []string{"grant_type", "refresh_token", "client_secret", "x"}, want: 401, words: "Invalid client credentials"},
		"other client":  {reason: "so must its id", form: []string{"grant_type", "refresh_token", "client_id", "x"}, want: 401, words: "Invalid client credentials"},
		"other user":    {reason: "two kinds of token", form: []string{"grant_type", "refresh_token", "user_type", "x"}, want: 400, words: "Invalid parameter: user_type"},
		"unknown token": {reason: "it was never given", form: []string{"grant_type", "refresh_token", "refresh_token", "x"}, want: 400, words: "Invalid grant: refresh token is invalid"},
		"unknown code":  {reason: "it was never given", form: []string{"grant_type", "authorization_code", "code", "x"}, want: 400, words: "Invalid grant: authorization code is invalid"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, body := open(t, Options{}).exchange(tc.form...)
			if diff := cmp.Diff([]any{tc.want, tc.words}, []any{status, body["message"]}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCodes(t *testing.T) {
	c := open(t, Options{})
	used, old, moved := c.approve(), c.approve(), c.approve()
	got := c.redeem(used)
	for _, secret := range []string{"access_token", "refresh_token", "refreshTokenId"} {
		if len(got[secret].(string)) < 30 {
			t.Errorf("%s is %q, want something long", secret, got[secret])
		}
		delete(got, secret)
	}
	want := object{
		"token_type": "Bearer", "expires_in": 86399.0, "scope": "contacts.readonly locations.readonly", "userType": "Location",
		"companyId": "CMPsandbox0000000000", "locationId": DefaultLocation, "userId": "USRsandbox0000000000", "isBulkInstallation": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the answer describes the token (-want +got):\n%s", diff)
	}
	refused := func(reason, code string, more ...string) {
		t.Helper()
		status, body := c.exchange(append(more, "grant_type", "authorization_code", "code", code)...)
		if diff := cmp.Diff([]any{400, "Invalid grant: authorization code is invalid"}, []any{status, body["message"]}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", reason, diff)
		}
	}
	refused("a code is good for once", used)
	refused("it goes to the address it was given for", moved, "redirect_uri", "http://127.0.0.1:1/")
	c.now = c.now.Add(codeLifetime + time.Second)
	refused("it gets too old", old)
}

// TestPKCE redeems codes that are bound to a verifier, and others.
func TestPKCE(t *testing.T) {
	verifier := oauth2.GenerateVerifier()
	bound := []string{"code_challenge", oauth2.S256ChallengeFromVerifier(verifier), "code_challenge_method", "S256"}
	cases := map[string]struct {
		reason   string
		asked    []string
		verifier string
		want     int
	}{
		"right":   {"who asked redeems", bound, verifier, 200},
		"wrong":   {"who heard the code does not", bound, verifier + "x", 400},
		"missing": {"nor without any verifier", bound, "", 400},
		"unbound": {"a verifier belongs to a challenge", nil, verifier, 400},
		"without": {"programs without PKCE go on", nil, "", 200},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := open(t, Options{})
			form := []string{"grant_type", "authorization_code", "code", c.approve(tc.asked...), "redirect_uri", appAddress}
			if tc.verifier != "" {
				form = append(form, "code_verifier", tc.verifier)
			}
			if status, body := c.exchange(form...); status != tc.want {
				t.Errorf("%s: %d %v", tc.reason, status, body)
			}
		})
	}
}

func TestRotation(t *testing.T) {
	c := open(t, Options{App: OAuthApp{TokenLifetime: time.Hour}})
	first := c.redeem(c.approve())
	old := first["refresh_token"]
	status, second := c.refresh(old)
	if status != 200 || second["refresh_token"] == old || second["access_token"] == first["access_token"] {
		t.Fatalf("a refresh answers %d, want new tokens", status)
	}
	c.now = c.now.Add(refreshGrace)
	status, again := c.refresh(old)
	second["expires_in"] = 3570.0
	if diff := cmp.Diff(second, again); diff != "" || status != 200 {
		t.Errorf("within the grace the same pair comes, %d (-want +got):\n%s", status, diff)
	}
	c.now = c.now.Add(time.Second)
	invalid := []any{400, "Invalid grant: refresh token is invalid"}
	status, body := c.refresh(old)
	if diff := cmp.Diff(invalid, []any{status, body["message"]}); diff != "" {
		t.Errorf("after the grace it is used up (-want +got):\n%s", diff)
	}
	for reason, token := range map[string]any{"the older": first["access_token"], "the newer": second["access_token"]} {
		if status, words := c.with(token, "GET", "/locations/LOC", ""); status != 200 {
			t.Errorf("%s access token answers %d %v, want it good until it expires", reason, status, words)
		}
	}
	status, body = c.refresh(second["access_token"])
	if diff := cmp.Diff(invalid, []any{status, body["message"]}); diff != "" {
		t.Errorf("an access token refreshes nothing (-want +got):\n%s", diff)
	}
	c.now = c.now.Add(refreshLifetime)
	status, body = c.refresh(second["refresh_token"])
	if diff := cmp.Diff(invalid, []any{status, body["message"]}); diff != "" {
		t.Errorf("a year later it has expired (-want +got):\n%s", diff)
	}
}

func TestAccess(t *testing.T) {
	c := open(t, Options{App: OAuthApp{TokenLifetime: time.Hour}})
	location, company := c.redeem(c.approve()), c.redeem(c.approve("user_type", "Company", "scope", "oauth.write oauth.readonly locations.readonly contacts.readonly"))
	narrow := c.redeem(c.approve("user_type", "Company", "scope", "contacts.readonly"))
	const form = "companyId=CMPsandbox0000000000&locationId=LOC"
	req := c.request("POST", "/oauth/locationToken", form)
	req.Header.Set("Authorization", "Bearer "+company["access_token"].(string))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec, minted := c.send(req)
	if rec.Code != 200 || minted["userType"] != "Location" || minted["locationId"] != DefaultLocation {
		t.Fatalf("the agency's call for a location's token answers %d %v", rec.Code, minted)
	}
	const wrongKind = "This authClass type is not allowed to access this scope. Please switch to allowed authClass type for this scope."
	const agencyBody = `{"companyId":"CMPsandbox0000000000","locationId":"LOC"}`
	search := `{"locationId":"LOC","pageLimit":1}`
	cases := map[string]struct {
		reason             string
		token              any
		method, path, body string
		want               int
		words              any
	}{
		"scope held":       {reason: "it was asked for", token: location["access_token"], method: "POST", path: "/contacts/search", body: search, want: 200},
		"scope missing":    {reason: "it was not", token: location["access_token"], method: "POST", path: "/contacts/", body: `{}`, want: 401, words: "The token is not authorized for this scope."},
		"minted":           {reason: "a minted token is a location's", token: minted["access_token"], method: "POST", path: "/contacts/search", body: search, want: 200},
		"agency's contact": {reason: "contacts are a location's", token: company["access_token"], method: "POST", path: "/contacts/search", body: search, want: 401, words: wrongKind},
		"agency's place":   {reason: "an agency reads its locations", token: company["access_token"], method: "GET", path: "/locations/LOC", want: 200},
		"agency's list":    {reason: "and lists them", token: company["access_token"], method: "GET", path: "/locations/search", want: 200},
		"installed":        {reason: "and where the app is", token: company["access_token"], method: "GET", path: "/oauth/installedLocations?companyId=CMPsandbox0000000000&appId=A", want: 200},
		"not an agency":    {reason: "a location mints nothing", token: location["access_token"], method: "POST", path: "/oauth/locationToken", body: agencyBody, want: 401, words: wrongKind},
		"private":          {reason: "nor does a private integration", token: DefaultToken, method: "POST", path: "/oauth/locationToken", body: agencyBody, want: 401, words: wrongKind},
		"narrow agency":    {reason: "minting has a scope of its own", token: narrow["access_token"], method: "POST", path: "/oauth/locationToken", body: agencyBody, want: 401, words: "The token is not authorized for this scope."},
		"other agency":     {reason: "an agency has its own locations", token: company["access_token"], method: "POST", path: "/oauth/locationToken", body: `{"companyId":"other","locationId":"LOC"}`, want: 403, words: "Forbidden resource"},
		"refresh token":    {reason: "it opens nothing", token: location["refresh_token"], method: "GET", path: "/locations/LOC", want: 401, words: "Invalid JWT"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, words := c.with(tc.token, tc.method, tc.path, tc.body)
			if diff := cmp.Diff([]any{tc.want, tc.words}, []any{status, words}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
	c.now = c.now.Add(time.Hour)
	status, words := c.with(location["access_token"], "GET", "/locations/LOC", "")
	if diff := cmp.Diff([]any{401, any("Invalid JWT")}, []any{status, words}); diff != "" {
		t.Errorf("a token expires (-want +got):\n%s", diff)
	}
}

// TestTokensSurvive holds that tokens outlive the process, and that none can be
// read from its files.
func TestTokensSurvive(t *testing.T) {
	dir := t.TempDir()
	c := open(t, Options{DataDir: dir})
	first := c.redeem(c.approve())
	_, second := c.refresh(first["refresh_token"])
	for range 2 { // the second time from a log that was written anew
		if err := c.server.Close(); err != nil {
			t.Fatal(err)
		}
		now := c.now
		c = open(t, Options{DataDir: dir, Now: func() time.Time { return now }})
		status, again := c.refresh(first["refresh_token"])
		if diff := cmp.Diff(second, again); diff != "" || status != 200 {
			t.Errorf("the grace outlives the process, %d (-want +got):\n%s", status, diff)
		}
		c.server.mu.Lock()
		err := c.server.location.rewrite()
		c.server.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	if status, words := c.with(second["access_token"], "GET", "/locations/LOC", ""); status != 200 {
		t.Errorf("a kept access token answers %d %v", status, words)
	}
	if status, _ := c.refresh(second["refresh_token"]); status != 200 {
		t.Errorf("a kept refresh token answers %d", status)
	}
	raw, err := os.ReadFile(filepath.Join(dir, logFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range []object{first, second} {
		for _, name := range []string{"access_token", "refresh_token"} {
			if strings.Contains(string(raw), pair[name].(string)) {
				t.Errorf("the log holds an %s in clear", name)
			}
		}
	}
	if !strings.Contains(string(raw), `"kind":"token"`) {
		t.Error("the log holds no token at all")
	}
}

// TestLostRefresh holds that a refresh whose answer was lost can be repeated.
func TestLostRefresh(t *testing.T) {
	c := faulted(t, "kinds=lost+401-jwt,after=1,max=1", Options{})
	first := c.redeem(c.approve())
	if status, _ := c.refresh(first["refresh_token"]); status != http.StatusBadGateway {
		t.Fatalf("a lost answer is seen as %d, want 502", status)
	}
	c.now = c.now.Add(10 * time.Second)
	status, second := c.refresh(first["refresh_token"])
	if status != http.StatusOK || second["refresh_token"] == first["refresh_token"] {
		t.Errorf("the refresh once more answers %d, want a new pair", status)
	}
	if diff := cmp.Diff(map[string]int{"lost": 1}, c.server.FaultCounts()); diff != "" {
		t.Errorf("no bearer token is refused where none is sent (-want +got):\n%s", diff)
	}
}

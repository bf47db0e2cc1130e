package ghl

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// Where a person authorizes an app, and where tokens are made (HighLevel
// OAuth 2.0).
const (
	AuthorizeURL = "https://marketplace.gohighlevel.com/v2/oauth/chooselocation"
	TokenURL     = defaultBaseURL + "/oauth/token"
)

// AgencyScope lets the token of an agency make tokens of its locations.
const AgencyScope = "oauth.write"

// Owner is whom a token belongs to.
type Owner struct {
	// Agency tokens belong to a company, others to one location.
	Agency            bool
	Company, Location string
}

// OwnerOf reads it from the answer of the token endpoint.
func OwnerOf(token *oauth2.Token) Owner {
	text := func(name string) string { s, _ := token.Extra(name).(string); return s }
	o := Owner{Company: text("companyId"), Location: text("locationId")}
	o.Agency = text("userType") == "Company" || o.Location == "" && o.Company != ""
	return o
}

// TokenEnded reports whether a 401 with this message means that the access token
// has ended, so that refreshing it helps. The API answers 401 for a missing
// scope, a wrong path, a missing parameter and its own timeouts too.
func TokenEnded(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "invalid jwt") || strings.Contains(message, "access token is invalid")
}

// LocationToken makes a token of one location from that of its agency
// (HighLevel OAuth 2.0, get location access token from agency token). The
// endpoint stands beside the token endpoint. The HTTP client is looked for in
// the context, as package oauth2 does, and a refusal is its RetrieveError.
func LocationToken(ctx context.Context, tokenURL, agencyToken, company, location string) (*oauth2.Token, error) {
	endpoint, ok := strings.CutSuffix(tokenURL, "/token")
	if !ok {
		return nil, errors.New("the address of the token endpoint does not end in /token, so that of location tokens is not known")
	}
	form := url.Values{"companyId": {company}, "locationId": {location}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+"/locationToken", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("the address of the token endpoint is malformed")
	}
	request.Header = http.Header{
		"Authorization": {"Bearer " + agencyToken}, "Version": {defaultVersion},
		"Accept": {"application/json"}, "Content-Type": {"application/x-www-form-urlencoded"},
	}
	client, ok := ctx.Value(oauth2.HTTPClient).(*http.Client)
	if !ok {
		client = &http.Client{}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, &oauth2.RetrieveError{Response: response, Body: body}
	}
	return tokenOf(body)
}

// tokenOf reads the answer of a token endpoint.
func tokenOf(body []byte) (*oauth2.Token, error) {
	var token oauth2.Token
	var all map[string]any
	if json.Unmarshal(body, &token) != nil || json.Unmarshal(body, &all) != nil || token.AccessToken == "" {
		return nil, errors.New("the answer has no token")
	}
	return token.WithExtra(all), nil
}

package ghl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// request is one call with its parameters.
type request struct {
	call
	id, parent string
	named      schema.Fields // fill further placeholders of the path
	query      url.Values
	body       map[string]any
	list       []map[string]any // the body, where it is a list
	safety     transport.Safety
	room       *bytes.Buffer // takes the answer; nil makes room
	bytes      int64         // the answer is no JSON, and has so many bytes at most; 0: it is
}

func (r *request) setQuery(name, value string) {
	if r.query == nil {
		r.query = url.Values{}
	}
	r.query.Set(name, value)
}

func (r *request) setBody(name string, value any) {
	if r.body == nil {
		r.body = map[string]any{}
	}
	r.body[name] = value
}

// setParameter gives a parameter a JSON value: as text in the query string of
// a GET, as it is in the body of any other method.
func (r *request) setParameter(name string, value json.RawMessage) {
	if r.method != http.MethodGet {
		r.setBody(name, value)
		return
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	r.setQuery(name, text)
}

// setArgument gives a parameter the value of an argument. Members of a list are
// joined by commas in a query string.
func (r *request) setArgument(name string, v schema.Value) {
	switch {
	case r.method != http.MethodGet:
		r.setBody(name, v.ToJSON())
	case v.Type() == schema.List:
		r.setQuery(name, strings.Join(v.Strings(), ","))
	default:
		r.setQuery(name, v.Text())
	}
}

// send makes the one API call of a request, and returns the body of its answer.
func (a *account) send(ctx context.Context, r request) ([]byte, error) {
	answer, err := a.answer(ctx, r)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// answer makes the one API call of a request.
func (a *account) answer(ctx context.Context, r request) (*transport.Response, error) {
	r.query = maps.Clone(r.query)
	sent := maps.Clone(r.body)
	if sent == nil && (r.method == http.MethodPost || r.method == http.MethodPut || r.bodied) {
		sent = map[string]any{}
	}
	if a.location == "" && (r.located != 0 || strings.Contains(r.path, "{location}")) {
		return nil, fmt.Errorf("%s %s is a call of a location, and the provider is for the agency %s", r.method, r.path, a.agency)
	}
	switch r.located {
	case inBody:
		if sent == nil {
			sent = map[string]any{}
		}
		sent["locationId"] = a.location
	case inQuery:
		if !r.query.Has("locationId") { // a data source may have named one
			r.setQuery("locationId", a.location)
		}
	case inQuerySnake:
		r.setQuery("location_id", a.location)
	}
	if r.company != 0 {
		company, err := a.company(ctx)
		if err != nil {
			return nil, err
		}
		if r.company == inBody {
			sent["companyId"] = company
		} else {
			r.setQuery("companyId", company)
		}
	}
	t := transport.Request{Method: r.method, Path: a.path(r), Query: r.query, Safety: r.safety, Room: r.room, Bytes: r.bytes}
	switch {
	case r.list != nil:
		t.Body = r.list
	case sent != nil:
		t.Body = sent
	}
	if r.version != "" {
		t.Header = http.Header{"Version": {r.version}}
	}
	return a.client.Do(ctx, t)
}

// path fills the placeholders of a call.
func (a *account) path(r request) string {
	filled := strings.NewReplacer(
		"{location}", url.PathEscape(a.location), "{parent}", url.PathEscape(r.parent), "{id}", url.PathEscape(r.id),
	).Replace(r.call.path)
	for _, f := range r.named {
		filled = strings.ReplaceAll(filled, "{"+f.Path+"}", url.PathEscape(f.Value.Text()))
	}
	return filled
}

// apiError finds the refusal in an error; nil when it is another error.
func apiError(err error) *providers.APIError {
	var api *providers.APIError
	if errors.As(err, &api) {
		return api
	}
	return nil
}

// transient recognises the gateway's timeout, which it dresses as 401.
func transient(e *providers.APIError) bool {
	return e.Status == 401 && strings.Contains(strings.ToLower(e.Message), "command timed out")
}

// advices say what to do about refusals, by status and a part of the message
// in lower case (HighLevel authentication and error answers). The first that
// fits counts. {token} stands for the token and what gave it, {renew} for how
// another takes its place.
var advices = []struct {
	status int
	part   string
	extent providers.Extent
	advice string
}{
	{401, scopeRefused, providers.OneRequest, "{token} lacks a scope. {grant}."},
	{401, "invalid jwt", providers.WholeAccount, "{token} is wrong or has expired: {renew}."},
	{401, "access token is invalid", providers.WholeAccount, "{token} is wrong or has expired: {renew}."},
	{401, "invalid private integration token", providers.WholeAccount, "{token} is wrong or was rotated: {renew}."},
	{401, "authclass", providers.OneRequest, "{token} is of the wrong kind: {level}."},
	{401, "version header", providers.WholeAccount, "Correct api_version in the provider block, or remove it."},
	{401, "iam service", providers.OneRequest, "The address of the API is wrong: correct base_url in the provider block or GHL_BASE_URL, or remove it."},
	{401, "command timed out", providers.OneRequest, "HighLevel did not answer in time. Run the command again."},
	{401, "e01", providers.OneRequest, "HighLevel misses something in the request itself. Please report it with the trace id."},
	{401, "", providers.WholeAccount, "{token} was refused. If it is a current token of this location, check that the account is not suspended; else {renew}."},
	{403, "does not have access to this location", providers.WholeAccount, "{token} belongs to another location than {location}, or there is no such location: give location_id and a token of the same location."},
	{403, "suspend", providers.WholeAccount, "The account is suspended: settle that in HighLevel first."},
	{403, "forbidden resource", providers.OneRequest, "This call needs an agency token: {level}."},
	{403, "", providers.OneRequest, "{token} may not do this. Check its scopes and its location."},
	{404, "cannot ", providers.OneRequest, "The address of the API is wrong: correct base_url or api_version in the provider block, or GHL_BASE_URL."},
	{429, "", providers.OneRequest, "Other programs use the same limit. Run the command again a little later; it goes on where it stopped."},
	{501, "", providers.OneRequest, "The sandbox has no such call yet: try this on a real location."},
	{400, "permanent dnd setting", providers.OneRequest, "A permanent do-not-disturb setting cannot be changed by the API. Remove the channel from the file."},
	{400, "duplicate opportunity", providers.OneRequest, "The contact has an opportunity in this pipeline already: give it to `lockstep import`, with the id {existing}."},
	{400, "already exist", providers.OneRequest, "Import the existing object, or choose another name."},
	{400, "duplicated contacts", providers.OneRequest, "Import the existing contact, or change the e-mail or phone that it has as well."},
}

// scopeRefused is a part of the message of a refusal for lack of a scope.
const scopeRefused = "not authorized for this scope"

// login is what errors say of how an account is reached.
type login struct {
	// token names it and what gave it: `the token in GHL_TOKEN`; renew tells how
	// another takes its place, as the end of a sentence.
	token, renew string
	// location and agency are ids; one of them may be empty.
	location, agency string
	ofAgency         bool
}

// advise adds to a refusal what is known about this API. A 404 tells of a
// missing object only when it says so: an unknown path is a 404 too.
func (l login) advise(e *providers.APIError) {
	message := strings.ToLower(e.Message)
	if e.Status == 404 && (message == "" || strings.HasPrefix(message, "cannot ")) {
		e.Gone = false
	}
	for _, a := range advices {
		if e.Status == a.status && strings.Contains(message, a.part) {
			e.Advice, e.Extent = strings.ReplaceAll(l.fill(a.advice, e.Server), "{existing}", e.ExistingID), a.extent
			return
		}
	}
	if e.Status >= 500 {
		e.Advice = "HighLevel failed. Run the command again later; it goes on where it stopped."
	}
}

// fill puts the token, with the address that it was sent to, into an advice.
func (l login) fill(advice, server string) string {
	token := strings.ToUpper(l.token[:1]) + l.token[1:] + ", sent to " + server + ","
	return strings.NewReplacer("{token}", token, "{renew}", l.renew, "{location}", l.location, "{grant}", l.grant(), "{level}", l.level()).Replace(advice)
}

// grant tells where a scope is given to the token.
func (l login) grant() string {
	if l.ofAgency {
		return "Add it in the agency's settings under Private Integrations"
	}
	return "Add it in the location's settings under Private Integrations, or run `lockstep login ghl`, which asks for what the files use"
}

// level tells which token is wanted.
func (l login) level() string {
	if l.ofAgency {
		return "give the provider block with agency = true a private integration token that was made in the settings of the agency " + l.agency
	}
	return "the kinds of a location take a private integration token of the location itself, and those of the agency a provider block of their own, with agency = true"
}

// judge marks a refusal as being about an object that does not exist. The API
// mostly answers 400 then, so its words must say so.
func (k *kind) judge(err error) {
	api := apiError(err)
	k.unscoped(api)
	if api == nil || api.Status != 400 && api.Status != 422 && api.Status != 404 {
		return
	}
	message := strings.ToLower(api.Message)
	if slices.ContainsFunc(k.answers.gone, func(text string) bool { return strings.Contains(message, text) }) {
		if strings.Contains(message, " with id") && !strings.Contains(message, "not found") {
			return
		}
		api.Gone = true
	}
}

// unscoped adds to a refusal for lack of a scope what the request needs.
func (k *kind) unscoped(api *providers.APIError) {
	if api == nil || api.Status != 401 || !strings.Contains(strings.ToLower(api.Message), scopeRefused) {
		return
	}
	api.Scopes = k.Scopes.Write
	if api.Method == http.MethodGet || strings.HasSuffix(api.Path, "/search") {
		api.Scopes = k.Scopes.Read
	}
}

func isGone(err error) bool {
	api := apiError(err)
	return api != nil && api.Gone
}

// complaint finds the property that a validation message is about.
var complaint = regexp.MustCompile(`(?:^|; ?|property )([A-Za-z][A-Za-z0-9_.]*) (?:should|must|is not|cannot)\b`)

// blame finds the attribute that a refusal is about. rows are the paths of the
// fields that were sent as rows of a property, in the order of the request.
func (k *kind) blame(err error, rows map[string][]string) {
	api := apiError(err)
	if api == nil || api.Field != "" || api.Status != 400 && api.Status != 422 {
		return
	}
	m := complaint.FindStringSubmatch(api.Message)
	if m == nil {
		return
	}
	name, rest, _ := strings.Cut(m[1], ".")
	for i := range k.attributes {
		if a := &k.attributes[i]; a.wire == name {
			api.Field = a.Name
			var row int
			if _, err := fmt.Sscanf(rest, "%d", &row); err == nil && row >= 0 && row < len(rows[name]) {
				api.Field = rows[name][row]
			}
			return
		}
	}
}

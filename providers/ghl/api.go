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
	safety     transport.Safety
	room       *bytes.Buffer // takes the answer; nil makes room
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

// send makes the one API call of a request.
func (a *account) send(ctx context.Context, r request) ([]byte, error) {
	r.query = maps.Clone(r.query)
	sent := maps.Clone(r.body)
	if sent == nil && (r.method == http.MethodPost || r.method == http.MethodPut) {
		sent = map[string]any{}
	}
	switch r.located {
	case inBody:
		if sent == nil {
			sent = map[string]any{}
		}
		sent["locationId"] = a.location
	case inQuery:
		r.setQuery("locationId", a.location)
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
	t := transport.Request{Method: r.method, Path: a.path(r), Query: r.query, Safety: r.safety, Room: r.room}
	if sent != nil {
		t.Body = sent
	}
	if r.version != "" {
		t.Header = http.Header{"Version": {r.version}}
	}
	answer, err := a.client.Do(ctx, t)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
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
// fits counts.
var advices = []struct {
	status       int
	part, advice string
}{
	{401, "not authorized for this scope", "Give the token the scope that this call needs: in the location's settings under Private Integrations, or by `lockstep login ghl`, which asks for what the files use."},
	{401, "invalid jwt", "The token is wrong or has expired: set GHL_TOKEN to a current one, or run `lockstep login ghl`."},
	{401, "access token is invalid", "The token is wrong or has expired: set GHL_TOKEN to a current one, or run `lockstep login ghl`."},
	{401, "invalid private integration token", "The token is wrong or was rotated: set GHL_TOKEN to a current one."},
	{401, "authclass", "The token is of the wrong kind: use a private integration token of the location itself."},
	{401, "version header", "Correct api_version in the provider block, or remove it."},
	{401, "iam service", "The address of the API is wrong: correct base_url in the provider block, or remove it."},
	{401, "command timed out", "HighLevel did not answer in time. Run the command again."},
	{401, "", "Check that GHL_TOKEN is a current token of this location with the scopes that are needed."},
	{403, "does not have access to this location", "The token belongs to another location, or location_id is wrong: set GHL_TOKEN and GHL_LOCATION_ID of the same location."},
	{403, "forbidden resource", "This call needs an agency token; a token of the location cannot make it."},
	{403, "", "The token may not do this. Check its scopes and its location."},
	{404, "cannot ", "The address of the API is wrong: correct base_url or api_version in the provider block."},
	{429, "", "Other programs use the same limit. Run the command again a little later; it goes on where it stopped."},
	{501, "", "The sandbox has no such call yet: try this on a real location."},
	{400, "permanent dnd setting", "A permanent do-not-disturb setting cannot be changed by the API. Remove the channel from the file."},
	{400, "already exist", "Import the existing object, or choose another name."},
	{400, "duplicated contacts", "Import the existing contact, or change the e-mail or phone that it has as well."},
}

// advise adds to a refusal what is known about this API. A 404 tells of a
// missing object only when it says so: an unknown path is a 404 too.
func advise(e *providers.APIError) {
	message := strings.ToLower(e.Message)
	if e.Status == 404 && (message == "" || strings.HasPrefix(message, "cannot ")) {
		e.Gone = false
	}
	for _, a := range advices {
		if e.Status == a.status && strings.Contains(message, a.part) {
			e.Advice = a.advice
			return
		}
	}
	if e.Status >= 500 {
		e.Advice = "HighLevel failed. Run the command again later; it goes on where it stopped."
	}
}

// judge marks a refusal as being about an object that does not exist. The API
// mostly answers 400 then, so its words must say so.
func (k *kind) judge(err error) {
	api := apiError(err)
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

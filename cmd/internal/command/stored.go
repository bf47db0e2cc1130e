package command

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"lockstep/providers/credentials"
	"lockstep/providers/ghl"
	"lockstep/providers/transport"
)

// credentialsVariable holds the path of the file that logins are kept in.
const credentialsVariable = "LOCKSTEP_CREDENTIALS"

// loginAgain is what to do about a stored login that is of no use.
const loginAgain = "Run `lockstep login ghl` again, or set GHL_TOKEN"

// ghlAccount names the stored login of a location, ghlAgency the one of an
// agency.
func ghlAccount(location string) string { return "ghl:" + location }
func ghlAgency(company string) string   { return "ghl:agency:" + company }

// storedGHL finds the stored login of a location. It is refreshed at once if
// it must be, so that a login of no use is an error before any request.
func (h Hooks) storedGHL(ctx context.Context, location, baseURL string, next http.RoundTripper) (http.RoundTripper, error) {
	store, err := credentials.Open(h.Credentials)
	if err != nil && h.Credentials == "" {
		// A machine without a home has no stored login either.
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	login, err := store.Load(ghlAccount(location))
	if errors.Is(err, credentials.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !transport.SameOrigin(login.TokenURL, baseURL) {
		return nil, errors.New("the stored login is for another server than base_url says, and is not sent there. Set GHL_TOKEN, or correct base_url")
	}
	client := h.tokenClient()
	source, err := store.Source(ghlAccount(location), renewGHL(store, client), time.Now)
	if err != nil {
		return nil, err
	}
	if _, err := source.Token(ctx); err != nil {
		return nil, &credentials.Error{Err: err, Advice: loginAgain}
	}
	if next == nil {
		next = credentials.NewNext()
	}
	return &credentials.Transport{Source: source, Next: next, Ended: ghl.TokenEnded, Advice: loginAgain}, nil
}

// tokenClient asks token endpoints. What it asks is logged like any request.
func (h Hooks) tokenClient() credentials.Client {
	if h.Log == nil {
		return credentials.Client{}
	}
	return credentials.Client{HTTP: logged(h.Log)}
}

// logged is told about requests. Their bodies hold secrets, and stay out.
type logged func(transport.Event)

// RoundTrip sends one request.
func (l logged) RoundTrip(request *http.Request) (*http.Response, error) {
	begun := time.Now()
	answer, err := http.DefaultTransport.RoundTrip(request)
	event := transport.Event{Method: request.Method, Path: request.URL.Path, Attempt: 1, Took: time.Since(begun)}
	if err != nil {
		event.Err = "no answer"
	} else {
		event.Status = answer.StatusCode
	}
	l(event)
	return answer, err
}

// renewGHL refreshes a login, or makes the token of a location anew from the
// login of its agency.
func renewGHL(store *credentials.Store, client credentials.Client) credentials.Renewer {
	return func(ctx context.Context, old credentials.Login) (credentials.Login, error) {
		if old.Via == "" {
			return client.Refresh(ctx, old)
		}
		agency, err := store.Source(old.Via, client.Refresh, time.Now)
		if err != nil {
			return credentials.Login{}, err
		}
		return mintGHL(ctx, client, agency, old)
	}
}

// mintGHL makes the token of a location. The agency's token is refreshed when
// it turns out to have ended.
func mintGHL(ctx context.Context, client credentials.Client, agency *credentials.Source, l credentials.Login) (credentials.Login, error) {
	if err := credentials.CheckURL(l.TokenURL); err != nil {
		return l, err
	}
	token, err := agency.Token(ctx)
	if err != nil {
		return l, err
	}
	mint := func(agencyToken string) (*oauth2.Token, error) {
		return client.Ask(ctx, []string{agencyToken}, func(ctx context.Context) (*oauth2.Token, error) {
			return ghl.LocationToken(ctx, l.TokenURL, agencyToken, l.Details["company"], l.Details["location"])
		})
	}
	minted, err := mint(token)
	var refused *credentials.RefreshError
	if errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && ghl.TokenEnded(refused.Message) {
		if token, err = agency.Renew(ctx, token); err == nil {
			minted, err = mint(token)
		}
	}
	if err != nil {
		return l, err
	}
	renewed := client.Minted(l, minted)
	// It is made from the agency's login again, so another secret that opens
	// the location is not worth keeping.
	renewed.RefreshToken = ""
	return renewed, nil
}

package credentials

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"lockstep/providers/transport"
)

// Login is what is known about one account after a login.
type Login struct {
	// ClientID and ClientSecret belong to the app that was authorized;
	// refreshing needs them.
	ClientID     string `json:"client_id,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	// TokenURL is where tokens are refreshed.
	TokenURL string `json:"token_url,omitempty"`
	// AccessToken goes with requests until Expires; a zero time means that
	// the server did not say.
	AccessToken string    `json:"access_token"`
	Expires     time.Time `json:"expires,omitzero"`
	// RefreshToken can be used once.
	RefreshToken string `json:"refresh_token,omitempty"`
	// Scopes that were granted; empty when the server did not say.
	Scopes []string `json:"scopes,omitempty"`
	// Via is the account whose login this one is made from instead of being
	// refreshed; empty for a login of its own.
	Via string `json:"via,omitempty"`
	// Details are what the provider wants to remember; nothing secret.
	Details map[string]string `json:"details,omitempty"`
	// Saved is when the login was stored.
	Saved time.Time `json:"saved,omitzero"`
}

// Format writes a login without its secrets, whatever the verb.
func (l Login) Format(w fmt.State, _ rune) {
	_, _ = io.WriteString(w, "login of the client "+l.ClientID)
}

// take puts the tokens of an answer into the login.
func (l Login) take(token *oauth2.Token, now time.Time) Login {
	l.AccessToken, l.RefreshToken = token.AccessToken, cmp.Or(token.RefreshToken, l.RefreshToken)
	l.Expires = time.Time{}
	if token.ExpiresIn > 0 {
		l.Expires = now.Add(time.Duration(token.ExpiresIn) * time.Second)
	}
	if scope, ok := token.Extra("scope").(string); ok && scope != "" {
		l.Scopes = strings.Fields(scope)
	}
	return l
}

// secrets are the texts of a login that must not appear anywhere.
func (l Login) secrets() []string {
	return []string{l.AccessToken, l.RefreshToken, l.ClientSecret}
}

// mask takes secrets out of a text.
func mask(text string, secrets ...string) string {
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	return text
}

// CheckURL refuses an address when a secret would travel to it unencrypted:
// https is wanted, except for loopback hosts.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is not an address, as in https://services.example.com/oauth/token", address)
	}
	if u.Scheme == "https" || u.Scheme == "http" && transport.Loopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("%s would send secrets unencrypted: use https", u.Redacted())
}

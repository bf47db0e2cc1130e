package backend

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// httpSite is where a state is, and how it is locked.
type httpSite struct {
	address, lock, unlock            string
	update, lockMethod, unlockMethod string
	username, password               string
}

func (s httpSite) host() string {
	at, err := url.Parse(s.address)
	if err != nil {
		return "the server"
	}
	return at.Host
}

// withoutQuery is an address as people are shown it: a query may have a token.
func withoutQuery(address string) string {
	path, query, found := strings.Cut(address, "?")
	if !found || query == "" {
		return address
	}
	return path + "?…"
}

// newHTTPSite reads the block and the environment. Each argument may come from
// either: LOCKSTEP_HTTP_ADDRESS is address, and so on.
func newHTTPSite(o Options) (httpSite, error) {
	read := func(name string) string {
		return cmp.Or(o.Getenv("LOCKSTEP_HTTP_"+strings.ToUpper(name)), o.Arguments[name])
	}
	s := httpSite{
		address: read("address"), lock: read("lock_address"), unlock: read("unlock_address"),
		update:     cmp.Or(read("update_method"), http.MethodPost),
		lockMethod: cmp.Or(read("lock_method"), "LOCK"), unlockMethod: cmp.Or(read("unlock_method"), "UNLOCK"),
		username: o.Getenv("LOCKSTEP_HTTP_USERNAME"), password: o.Getenv("LOCKSTEP_HTTP_PASSWORD"),
	}
	s.lock = cmp.Or(s.lock, s.address)
	s.unlock = cmp.Or(s.unlock, s.lock)
	if s.address == "" {
		return s, errors.New("the backend \"http\" has no address: write it into the block, or set LOCKSTEP_HTTP_ADDRESS")
	}
	base, err := checkAddress("address", s.address)
	if err != nil {
		return s, err
	}
	for name, other := range map[string]string{"lock_address": s.lock, "unlock_address": s.unlock} {
		at, err := checkAddress(name, other)
		if err != nil {
			return s, err
		}
		if at.Scheme != base.Scheme || !strings.EqualFold(at.Host, base.Host) {
			return s, fmt.Errorf("the %s is on another server (%s) than the state (%s)", name, at.Host, base.Host)
		}
	}
	return s, s.checkSecret(o, base)
}

// checkSecret refuses to send a password to an address that only the files say.
func (s httpSite) checkSecret(o Options, base *url.URL) error {
	trusted, written := o.Getenv("LOCKSTEP_HTTP_ADDRESS"), o.Arguments["address"]
	switch {
	case trusted != "" && written != "" && trusted != written:
		return errors.New("the address in the backend block is not the one in LOCKSTEP_HTTP_ADDRESS: correct one of them, or write none into the block")
	case trusted == "" && s.password != "" && !loopback(base):
		return fmt.Errorf("LOCKSTEP_HTTP_PASSWORD is not sent to %s, which only the files name: set LOCKSTEP_HTTP_ADDRESS to the address that the password is for", base.Host)
	}
	return nil
}

func checkAddress(name, text string) (*url.URL, error) {
	at, err := url.Parse(text)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http":
		return nil, fmt.Errorf("the %s of the backend \"http\" is not an address such as https://example.com/state", name)
	case at.User != nil:
		return nil, fmt.Errorf("the %s of the backend \"http\" has a user or password in it: set LOCKSTEP_HTTP_USERNAME and LOCKSTEP_HTTP_PASSWORD instead", name)
	case at.Scheme == "http" && !loopback(at):
		return nil, fmt.Errorf("the %s of the backend \"http\" is not encrypted: write https://%s", name, at.Host)
	}
	return at, nil
}

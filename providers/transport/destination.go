package transport

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// Destination is where the secrets of an account are sent.
type Destination struct {
	// URL is the address in use, Default the one of the API itself.
	URL, Default string
	// Variable is the environment variable that names an address.
	Variable string
	// Written is set when files of the project chose URL.
	Written bool
}

// DestinationError reports a secret from outside the files that would go to an
// address that the files chose: a pull request could have it sent anywhere.
type DestinationError struct {
	Destination
	// Secret names where the secret comes from: GHL_TOKEN, -var.
	Secret string
}

// Error names the address and the variable to set.
func (e *DestinationError) Error() string {
	shown := e.URL
	if u, err := url.Parse(e.URL); err == nil {
		shown = u.Redacted()
	}
	return fmt.Sprintf("the files say base_url = %q, and a secret from outside the files (%s) is sent only to an address from outside the files, or to %s: set %s to this address if you trust it, or take base_url out",
		shown, e.Secret, e.Default, e.Variable)
}

// Takes returns a *DestinationError when a secret from a source outside the files
// must not be sent to the destination. A server on this machine takes all.
func (d Destination) Takes(source string) error {
	if !d.Written || SameOrigin(d.URL, d.Default) {
		return nil
	}
	if u, err := url.Parse(d.URL); err == nil && Loopback(u.Hostname()) {
		return nil
	}
	return &DestinationError{Destination: d, Secret: source}
}

// Argument is an argument of a provider block: its value without marks, whether
// files of the project chose it as an address, and where it comes from if it is a
// secret from outside the files.
func Argument(config cty.Value, name string) (v cty.Value, written bool, source string) {
	if config.IsNull() || !config.Type().IsObjectType() || !config.Type().HasAttribute(name) {
		return cty.NullVal(cty.DynamicPseudoType), false, ""
	}
	v, marks := config.GetAttr(name).Unmark()
	for mark := range marks {
		switch mark := mark.(type) {
		case schema.WrittenAddress:
			written = true
		case schema.OutsideSecret:
			source = mark.Source
		}
	}
	return v, written, source
}

// AddressFrom names what gave the address in an argument of a provider block: the
// block, or else the environment variable; empty when nothing did.
func AddressFrom(config cty.Value, name, variable string) string {
	v, written, _ := Argument(config, name)
	switch {
	case v.IsNull():
		return ""
	case written:
		return name + " in the provider block"
	default:
		return variable
	}
}

// SameOrigin reports whether two addresses lead to the same server: the tokens
// of one must not be sent to another.
func SameOrigin(a, b string) bool {
	one, err := url.Parse(a)
	other, err2 := url.Parse(b)
	return err == nil && err2 == nil && one.Scheme == other.Scheme && strings.EqualFold(one.Host, other.Host)
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

package transport

import (
	"errors"
	"testing"
)

func TestTakes(t *testing.T) {
	tests := map[string]struct {
		reason  string
		url     string
		given   bool
		refused bool
	}{
		"Default":  {reason: "The API itself takes its tokens.", url: "https://api.example/v2"},
		"Given":    {reason: "An address from outside the files was chosen with the token.", url: "https://other.example", given: true},
		"Loopback": {reason: "A server on this machine is nobody else's.", url: "http://127.0.0.1:8080"},
		"Other":    {reason: "Files do not choose where a token goes.", url: "https://other.example", refused: true},
		"Port":     {reason: "Another port is another server.", url: "https://api.example:8443", refused: true},
		"User":     {reason: "A user name is not the host.", url: "https://api.example@other.example", refused: true},
		"Local":    {reason: "A name that begins like this machine is another one.", url: "https://localhost.other.example", refused: true},
		"Case":     {reason: "Hosts have no case.", url: "https://API.example"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := Destination{URL: tc.url, Default: "https://api.example", Variable: "API_URL", Written: !tc.given}
			var refused *DestinationError
			if err := d.Takes("API_TOKEN"); errors.As(err, &refused) != tc.refused {
				t.Errorf("%s\nTakes: %v, refused wanted: %t", tc.reason, err, tc.refused)
			}
		})
	}
}

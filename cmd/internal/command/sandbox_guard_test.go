package command

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestGuarded(t *testing.T) {
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	tests := map[string]struct {
		reason, method, host string
		header               map[string]string
		want                 int
	}{
		"Program":   {"Programs name no origin.", "POST", "127.0.0.1:8970", nil, 204},
		"Localhost": {"It has three names.", "GET", "LocalHost:8970", nil, 204},
		"Six":       {"The third one.", "GET", "[::1]:8970", nil, 204},
		"PortLess":  {"A port may be left out.", "GET", "127.0.0.1", nil, 204},
		"Rebound":   {"A page of another name that leads here is no program.", "GET", "evil.example.com:8970", nil, 403},
		"Prefix":    {"A name may begin alike.", "GET", "127.0.0.1.evil.example.com", nil, 403},
		"Suffix":    {"Or end alike.", "GET", "evil.localhost:8970", nil, 403},
		"NoHost":    {"No name is no name of this machine.", "GET", "", nil, 403},
		"Form":      {"A page of another origin sends a form.", "POST", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "https://evil.example.com"}, 403},
		"Script":    {"Or a script that reads.", "GET", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Origin": "https://evil.example.com"}, 403},
		"Image":     {"Or shows an image.", "GET", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		"Neighbour": {"So may another port.", "GET", "localhost:8970", map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403},
		"Old":       {"Old browsers tell the origin.", "DELETE", "127.0.0.1:8970", map[string]string{"Origin": "https://evil.example.com"}, 403},
		"Opaque":    {"Some are nobody's.", "DELETE", "127.0.0.1:8970", map[string]string{"Origin": "null"}, 403},
		"Link":      {"A link leads to the page that lets an app in.", "GET", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 204},
		"Frame":     {"A page may not be shown within another one.", "GET", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403},
		"Typed":     {"So does an address that a person opens.", "GET", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 204},
		"Own":       {"Its form is its own.", "POST", "127.0.0.1:8970", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8970"}, 204},
		"OldOwn":    {"Also in an old browser.", "POST", "127.0.0.1:8970", map[string]string{"Origin": "http://127.0.0.1:8970"}, 204},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, "/contacts/", nil)
			r.Host = tc.host
			for header, value := range tc.header {
				r.Header.Set(header, value)
			}
			w := httptest.NewRecorder()
			guarded(ok).ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("%s\n%d, want %d", tc.reason, w.Code, tc.want)
			}
		})
	}
}

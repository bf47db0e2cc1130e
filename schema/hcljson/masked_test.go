package hcljson_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema/hcljson"
)

func TestMasked(t *testing.T) {
	cases := map[string]struct{ reason, in, want string }{
		"values":      {"keys are shown, values are not", `{"a": ["x", 1, true], "b" : {"c": null}}`, `{"a": ["*", *, ****], "b" : {"c": ****}}`},
		"escapes":     {"a quote within a text does not end it", `{"a": "x\"y: z"}`, `{"a": "*******"}`},
		"no quotes":   {"a value without quotes is one as well", `{"a": secret}`, `{"a": ******}`},
		"first quote": {"the quote before a value is missing", `{"a": secret", "b": 1}`, `{"a": ******"**"*": *}`},
		"last quote":  {"the quote after a value is missing", "{\"a\": \"secret}\n{\"b\": \"c\"}", "{\"a\": \"******}\n{\"b\": \"*\"}"},
		"apostrophes": {"other quotes make no keys", `{'a': 'b'}`, `{***: ***}`},
		"broken text": {"a text may go on in the next line", "{\"a\":\n\"secret\n\",", "{\"a\":\n\"******\n\","},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, string(hcljson.Masked([]byte(tc.in)))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

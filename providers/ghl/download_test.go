package ghl

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/transport"
)

// sound is a WAV file of no sound.
const sound = "RIFF\x04\x00\x00\x00WAVE"

// answered answers every request alike.
type answered struct {
	status int
	kind   string
	body   string
}

// RoundTrip answers one request.
func (a answered) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {a.kind}}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: -1}, nil
}

func TestDownload(t *testing.T) {
	cases := map[string]struct {
		reason string
		answer answered
		want   *providers.Download
		err    string
	}{
		"whole":         {"the bytes as they came", answered{200, "audio/x-wav", sound}, &providers.Download{Content: []byte(sound), Type: "audio/x-wav"}, ""},
		"of a stream":   {"a size that was not known is not held against it", answered{200, "audio/wav", "RIFF\xff\xff\xff\xffWAVE"}, &providers.Download{Content: []byte("RIFF\xff\xff\xff\xffWAVE"), Type: "audio/wav"}, ""},
		"another type":  {"only WAV files have a size", answered{200, "audio/mpeg", "ID3"}, &providers.Download{Content: []byte("ID3"), Type: "audio/mpeg"}, ""},
		"gone":          {"the words are known", answered{400, "application/json", `{"message":"Recording not found"}`}, nil, ""},
		"cut off":       {"what looks whole may not be", answered{200, "audio/x-wav", sound[:10]}, nil, "ends too early"},
		"empty":         {"nothing is no recording", answered{200, "audio/x-wav", ""}, nil, "is empty"},
		"no sound":      {"an error may come as a success", answered{200, "application/json", `{"message":"busy"}`}, nil, `has the type "application/json"`},
		"a page":        {"nor is a proxy's page", answered{200, "text/html", "<title>Sign in</title>"}, nil, "an HTML page (Sign in)"},
		"too long":      {"no more is read than may be", answered{200, "audio/x-wav", strings.Repeat("x", 101)}, nil, "more than 100 bytes"},
		"lacks a scope": {"the scope is named", answered{401, "application/json", `{"message":"The token is not authorized for this scope."}`}, nil, "not authorized"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := downloadFrom(t, tc.answer)
			if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: %v, want %q", tc.reason, err, tc.err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if errors.Is(err, transport.ErrTooLong) && !strings.Contains(apiError(err).Advice, "max_bytes") {
				t.Errorf("%s: %v does not say how to read more", tc.reason, apiError(err).Advice)
			}
		})
	}
}

// downloadFrom reads a recording of at most 100 bytes from an answer.
func downloadFrom(t *testing.T, a answered) (*providers.Download, error) {
	t.Helper()
	p, ok := New(WithRoundTripper(a), WithClock(time.Now, noWait)).(*Provider)
	if !ok {
		t.Fatal("New returned another type")
	}
	err := p.Configure(t.Context(), cty.ObjectVal(map[string]cty.Value{
		"location_id": cty.StringVal("LOC"), "token": cty.StringVal("pit"), "base_url": cty.StringVal("https://api.example.com"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return p.Download(t.Context(), kindRecording, texts2fields("message_id", "MSG2"), 100)
}

// TestDownloadsOfTalks reads what the sandbox has, past the official documents.
func TestDownloadsOfTalks(t *testing.T) {
	p, _ := openTalks(t, strings.Replace(talkSeed, "UklGRg==", base64.StdEncoding.EncodeToString([]byte(sound)), 1))
	for source, want := range map[string]string{kindRecording: sound, kindTranscript: "[1] 0 - 2.5: Good morning.\n"} {
		got, err := p.Download(t.Context(), source, texts2fields("message_id", "MSG2"), 100)
		if err != nil || !bytes.Equal(got.Content, []byte(want)) {
			t.Errorf("%s: %v (%v), want %q", source, got, err, want)
		}
		if none, err := p.Download(t.Context(), source, texts2fields("message_id", "MSG1"), 100); none != nil || err != nil {
			t.Errorf("%s of a text message: %v (%v), want nothing", source, none, err)
		}
	}
	for message, want := range map[string]string{"MSG2": "0", "MSG1": ""} {
		q := providers.Query{Kind: kindSentence, Source: dataTranscription, Where: texts2fields("message_id", message)}
		if diff := cmp.Diff(want, listedIDs(t, p, q)); diff != "" {
			t.Errorf("sentences of %s (-want +got):\n%s", message, diff)
		}
	}
}

package sandbox

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples is where recorded requests and answers lie, from the folder that
// holds the module.
const samples = "shared/reference/runkeeper/samples"

// sample reads one, or skips the test where it is missing.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", filepath.FromSlash(samples), name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the recorded samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReferenceRequests takes what real programs sent.
func TestReferenceRequests(t *testing.T) {
	cases := map[string]struct {
		file, method, target, kind, accept string
		status                             int
	}{
		"Create":  {"fitnessActivity.create.request.json", "POST", "/fitnessActivities", "NewFitnessActivity", "FitnessActivity", 201},
		"Update":  {"fitnessActivity.update.request.json", "PUT", "/fitnessActivities/7000000001", "FitnessActivity", "FitnessActivity", 200},
		"Weight":  {"weightSet.create.request.json", "POST", "/weight", "NewWeightSet", "WeightSet", 201},
		"Profile": {"profile.update.request.json", "PUT", "/profile", "Profile", "Profile", 200},
		"Comment": {"comment.create.request.json", "POST", "/fitnessActivities/7000000001/comments", "Comment", "CommentThread", 200},
		"Invite":  {"team.invite.request.json", "POST", "/team", "Invitation", "Member", 201},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			body := string(sample(t, tc.file))
			s := New(Options{Now: now})
			if tc.method == "PUT" || tc.kind == "Comment" {
				if status, _, text := send(t, s, "POST", "/fitnessActivities", Token("ada"), "NewFitnessActivity", "", run); status != 201 {
					t.Fatalf("the first activity answers %d %s", status, text)
				}
			}
			if status, _, text := send(t, s, tc.method, tc.target, Token("ada"), tc.kind, tc.accept, body); status != tc.status {
				t.Errorf("%d %s, want %d", status, text, tc.status)
			}
		})
	}
}

// TestReferenceAnswers has the properties that recorded answers have.
func TestReferenceAnswers(t *testing.T) {
	cases := map[string]struct {
		file, target, kind string
		// more are properties that only ours has.
		more []string
	}{
		"User":     {"user.json", "/user", "User", nil},
		"Settings": {"settings.json", "/settings", "Settings", nil},
		"Profile":  {"profile.minimal.json", "/profile", "Profile", []string{"birthday", "gender"}},
		"Member":   {"team.member.json", "/team/650491", "Member", nil},
		"Error":    {"error.403.revoked.FROM-CODE.json", "/user", "", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var want, got map[string]any
			if err := json.Unmarshal(sample(t, tc.file), &want); err != nil {
				t.Fatal(err)
			}
			s, token := New(Options{Now: now}), Token("ada")
			if tc.kind == "" {
				token = RevokedToken("ada")
			}
			send(t, s, "POST", "/team", Token("ada"), "Invitation", "", `{"userID": 650491}`)
			_, text := ask(t, s, tc.target, token, tc.kind)
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			maps.DeleteFunc(got, func(name string, _ any) bool { return slices.Contains(tc.more, name) })
			if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
				t.Errorf("properties (-recorded +ours):\n%s", diff)
			}
			for name, v := range want {
				if w, g := kindOf(v), kindOf(got[name]); w != g {
					t.Errorf("%s is a %s, recorded as a %s", name, g, w)
				}
			}
		})
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case float64:
		return "number"
	case bool:
		return "truth"
	default:
		return "other"
	}
}

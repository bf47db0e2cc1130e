package runkeeper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/providertest"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/runkeeper/sandbox"
	"lockstep/schema"
)

// empty configures ada, who has done nothing yet, behind the API.
func empty(t *testing.T, wrap func(http.RoundTripper) http.RoundTripper) providers.Provider {
	t.Helper()
	next := wrap(sandbox.New(sandbox.Options{Now: func() time.Time { return today }, Empty: true}))
	p := New(
		WithClock(func() time.Time { return today }),
		WithEnv(func(string) string { return sandbox.Token("ada") }),
		WithHTTP(health.Options{Next: next, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}),
	)
	if err := p.Configure(t.Context(), configuration(map[string]entry{"ada": {}})); err != nil {
		t.Fatal(err)
	}
	return p
}

// losing loses the answers to requests of a method while it is on.
type losing struct {
	next   http.RoundTripper
	method string
	on     atomic.Bool
}

// RoundTrip answers one request.
func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if l.on.Load() && r.Method == l.method {
		return nil, errors.New("connection reset by peer")
	}
	return answer, err
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Harness{
		Open: func(t *testing.T) providers.Provider {
			return empty(t, func(next http.RoundTripper) http.RoundTripper { return next })
		},
		Lossy: func(t *testing.T) (providers.Provider, func(bool)) {
			l := &losing{method: http.MethodPost}
			return empty(t, func(next http.RoundTripper) http.RoundTripper {
				l.next = next
				return l
			}), l.on.Store
		},
		Parents: map[string]string{kindAthlete: "ada"},
		Samples: []providertest.Sample{activitySample(), commentSample(), friendSample(), measurementSample(), profileSample(), settingsSample(), strengthSample()},
	})
}

// of makes fields of texts and numbers.
func of(values map[string]any) schema.Fields {
	var out schema.Fields
	for path, v := range values {
		f := schema.Field{Path: path}
		switch v := v.(type) {
		case string:
			f.Value = schema.StringValue(v)
		case bool:
			f.Value = schema.BoolValue(v)
		case float64:
			f.Value = number(v)
		case schema.Value:
			f.Value = v
		}
		out = append(out, f)
	}
	out.Sort()
	return out
}

func activitySample() providertest.Sample {
	return providertest.Sample{
		Kind: kindActivity,
		Create: of(map[string]any{
			"type": "Other", "secondary_type": "Frisbee", "local_start_time": "2026-06-14 08:00", "duration_s": 1800.1234, "distance_m": 3000.126,
			"calories_kcal": 200.04, "average_heart_rate_bpm": 141.4, "equipment": "Treadmill", "notes": " Über Hügel 😀 ",
		}),
		Update: of(map[string]any{
			"type": "Running", "local_start_time": "2026-06-14T09:00:00", "duration_s": 1700.0, "distance_m": 3100.0,
			"calories_kcal": 210.0, "average_heart_rate_bpm": 142.0, "equipment": "None", "notes": "Flat",
		}),
		Clear: []string{"notes"},
		Number: func(n int) schema.Fields {
			return of(map[string]any{"type": "Running", "local_start_time": today.AddDate(0, 0, -n).Format(clockForm), "duration_s": 60.0})
		},
		// The health client asks for a thousand on a page.
		Many: 2001,
	}
}

func measurementSample() providertest.Sample {
	return providertest.Sample{
		Kind:   kindMeasurement,
		Create: of(map[string]any{"type": "sleep_total", "time": "2026-06-14T00:00", "value": 480.0}),
		Update: of(map[string]any{"value": 450.5}),
		Number: func(n int) schema.Fields {
			return of(map[string]any{"type": "weight", "time": today.AddDate(0, 0, -n).Format(clockForm), "value": 70.0})
		},
		Many: 30,
	}
}

func commentSample() providertest.Sample {
	return providertest.Sample{
		Kind: kindComment, Before: []string{kindActivity},
		Create: of(map[string]any{"account": "ada", "comment": " Über Hügel 😀 "}),
		Number: func(n int) schema.Fields {
			return of(map[string]any{"account": "ada", "comment": fmt.Sprintf("Well done, %d.", n)})
		},
		Many: 5,
	}
}

func strengthSample() providertest.Sample {
	set := func(weight, repetitions float64) schema.Value {
		return schema.MapValue(map[string]schema.Value{"weight": number(weight), "repetitions": number(repetitions), "notes": {}})
	}
	exercise := func(name string, sets ...schema.Value) schema.Value {
		return schema.ListValue(schema.MapValue(map[string]schema.Value{
			"primary_type": schema.StringValue(name), "primary_muscle_group": schema.StringValue("Arms"), "routine": schema.StringValue(""), "sets": schema.ListValue(sets...),
		}))
	}
	return providertest.Sample{
		Kind: kindStrength,
		Create: of(map[string]any{"local_start_time": "2026-06-14 08:00", "exercises": exercise("Barbell Curl", set(20, 10), set(22.5, 8)),
			"calories_kcal": 200.04, "notes": "Über"}),
		Update: of(map[string]any{"local_start_time": "2026-06-14T09:00:00", "exercises": exercise("Hammer Curl", set(10, 12)), "calories_kcal": 210.0, "notes": "Flat"}),
		Clear:  []string{"notes"},
		Number: func(n int) schema.Fields {
			return of(map[string]any{"local_start_time": today.AddDate(0, 0, -n).Format(clockForm), "exercises": exercise("Curl", set(10, 12))})
		},
		Many: 30,
	}
}

func friendSample() providertest.Sample {
	return providertest.Sample{
		Kind:     kindFriend,
		Create:   of(map[string]any{"account": "ada", "user_id": "0650491", "reply": "accepted"}),
		Unlisted: map[string]string{"reply": "it is what was said, and not what there is"},
	}
}

func profileSample() providertest.Sample {
	return providertest.Sample{
		Kind: kindProfile, Exists: "ada",
		Create: of(map[string]any{"account": "ada", "athlete_type": "Tri-Athlete"}), Update: of(map[string]any{"athlete_type": "Rower"}),
	}
}

// settingsSample has a value for all that the declaration has.
func settingsSample() providertest.Sample {
	create, update := map[string]any{"account": "ada"}, map[string]any{}
	for _, a := range settingsAttributes() {
		switch {
		case !a.Writable():
		case a.Type == cty.Bool:
			create[a.Name], update[a.Name] = true, false
		default:
			create[a.Name], update[a.Name] = a.OneOf[0], a.OneOf[1]
		}
	}
	return providertest.Sample{Kind: kindSettings, Exists: "ada", Create: of(create), Update: of(update)}
}

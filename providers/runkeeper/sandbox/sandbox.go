package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The beginnings of tokens: of a person, and of a person who has disconnected.
const (
	tokenPrefix   = "sandbox-"
	revokedPrefix = "sandbox-revoked-"
)

// Token is the token of the person of a name. Every name has one.
func Token(name string) string { return tokenPrefix + name }

// RevokedToken is the token of a person who has disconnected.
func RevokedToken(name string) string { return revokedPrefix + name }

// Options of a Server.
type Options struct {
	// Now is the clock: activities end a day before.
	Now func() time.Time
	// Calls that are answered before the next ones are refused for a quarter
	// of an hour; 0 never refuses.
	Calls int
}

// Server answers for every person that is asked for. It is safe for concurrent
// use.
type Server struct {
	options Options
	mux     *http.ServeMux

	mu     sync.Mutex
	people map[string]*person
	calls  int
}

// New makes a server. It keeps nothing.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o, mux: http.NewServeMux(), people: map[string]*person{}}
	s.serve("/user", "User", user)
	s.serve("/profile", "Profile", profile)
	s.serve("/fitnessActivities", "FitnessActivityFeed", activities)
	s.serve("/fitnessActivities/{id}", "FitnessActivitySummary", detail)
	s.serve("/weight", "WeightSetFeed", weights)
	s.serve("/team", "TeamFeed", team)
	for path, media := range map[string]string{
		"/backgroundActivities": "BackgroundActivitySetFeed", "/sleep": "SleepSetFeed", "/nutrition": "NutritionSetFeed",
		"/generalMeasurements": "GeneralMeasurementSetFeed", "/diabetes": "DiabetesMeasurementSetFeed",
	} {
		s.serve(path, media, func(*person, *http.Request) (any, error) { return page{Items: []any{}}, nil })
	}
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Calls are the requests so far.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// serve answers GET requests for one resource.
func (s *Server) serve(path, media string, answer func(*person, *http.Request) (any, error)) {
	media = "application/vnd.com.runkeeper." + media + "+json"
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		p, status, refusal := s.person(r)
		switch {
		case refusal != nil:
			write(w, r, "application/json", status, refusal)
			return
		case !strings.EqualFold(r.Header.Get("Accept"), media):
			write(w, r, "application/json", http.StatusNotAcceptable, map[string]any{"reason": "not acceptable"})
			return
		}
		body, err := answer(p, r)
		if err != nil {
			status := http.StatusBadRequest
			if errors.Is(err, errNotFound) {
				status = http.StatusNotFound
			}
			write(w, r, "application/json", status, map[string]any{"reason": err.Error()})
			return
		}
		write(w, r, media, http.StatusOK, body)
	})
}

// person finds whose token a request has, or why it is refused.
func (s *Server) person(r *http.Request) (p *person, status int, refusal any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	name, known := strings.CutPrefix(token, tokenPrefix)
	switch {
	case s.options.Calls > 0 && s.calls > s.options.Calls:
		s.calls = 0
		words := fmt.Sprintf("Rate-limit exceeded. rate limit is %d calls per 15 minutes", s.options.Calls)
		return nil, http.StatusTooManyRequests, map[string]any{"reason": words}
	case strings.HasPrefix(token, revokedPrefix):
		return nil, http.StatusForbidden, map[string]any{"reason": "Revoked", "delete_health": true}
	case !known || name == "":
		return nil, http.StatusUnauthorized, map[string]any{"reason": "Unauthorized"}
	}
	if s.people[name] == nil {
		s.people[name] = invent(name, s.options.Now())
	}
	return s.people[name], 0, nil
}

// write sends an answer in the encoding that is asked for.
func write(w http.ResponseWriter, r *http.Request, media string, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	charset := "UTF-8"
	if !strings.EqualFold(r.Header.Get("Accept-Charset"), charset) {
		charset, data = "ISO-8859-1", latin(data)
	}
	w.Header().Set("Content-Type", media+";charset="+charset)
	w.WriteHeader(status)
	if _, err := w.Write(data); err != nil {
		// The client has gone; there is nobody to tell.
		return
	}
}

// latin writes a text in ISO-8859-1, with ? for what that does not have.
func latin(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if r > 255 {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}

func user(p *person, _ *http.Request) (any, error) {
	return map[string]any{
		"userID": p.id, "profile": "/profile", "settings": "/settings", "records": "/records", "team": "/team", "change_log": "/changeLog",
		"fitness_activities": "/fitnessActivities", "strength_training_activities": "/strengthTrainingActivities",
		"background_activities": "/backgroundActivities", "sleep": "/sleep", "nutrition": "/nutrition", "weight": "/weight",
		"general_measurements": "/generalMeasurements", "diabetes": "/diabetes",
	}, nil
}

func profile(p *person, _ *http.Request) (any, error) {
	return map[string]any{
		"name": p.name, "gender": p.gender, "athlete_type": p.athleteType, "birthday": p.birthday.Format(clockForm),
		"elite": "false", "profile": fmt.Sprintf("http://runkeeper.com/user/%d", p.id),
	}, nil
}

func activities(p *person, r *http.Request) (any, error) {
	var items []dated
	for _, a := range slices.Backward(p.activities) {
		items = append(items, dated{a.start, p.item(a)})
	}
	return paged("/fitnessActivities", r.URL.Query(), items)
}

// item is an activity as the feed has it.
func (p *person) item(a activity) map[string]any {
	return map[string]any{
		"uri": fmt.Sprintf("/fitnessActivities/%d", a.id), "type": a.kind, "start_time": a.start.Format(clockForm), "utc_offset": p.offset,
		"total_distance": a.metres, "duration": a.seconds, "total_calories": a.burning, "has_path": a.path, "source": "RunKeeper",
		"entry_mode": map[bool]string{true: "API", false: "Web"}[a.path],
	}
}

var errNotFound = errors.New("not found")

// detail is one activity without its arrays.
func detail(p *person, r *http.Request) (any, error) {
	for _, a := range p.activities {
		if r.PathValue("id") != strconv.Itoa(a.id) {
			continue
		}
		item := p.item(a)
		item["userID"], item["climb"], item["equipment"] = p.id, float64(a.id%90), "None"
		item["share"], item["share_map"], item["is_live"] = "Friends", "Friends", false
		if a.path {
			item["average_heart_rate"] = 120 + a.id%50
		}
		if a.id%3 == 0 {
			item["notes"] = "Felt good – über all hills"
		}
		return item, nil
	}
	return nil, errNotFound
}

// team lists friends as the real one does: the documents call the address of a
// member uri, the answers url.
func team(p *person, _ *http.Request) (any, error) {
	out := page{Items: []any{}}
	for n := range p.id%4 + 1 {
		friend := invent(fmt.Sprintf("friend%d", n), time.Time{})
		out.Items = append(out.Items, map[string]any{
			"userID": friend.id, "name": friend.name, "url": fmt.Sprintf("/team/%d", friend.id),
			"profile": fmt.Sprintf("http://runkeeper.com/user/%d", friend.id),
		})
	}
	out.Size = len(out.Items)
	return out, nil
}

func weights(p *person, r *http.Request) (any, error) {
	var items []dated
	for _, m := range slices.Backward(p.weights) {
		items = append(items, dated{m.at, map[string]any{"uri": fmt.Sprintf("/weight/%d", m.id), "timestamp": m.at.Format(clockForm), "weight": m.kilo}})
	}
	return paged("/weight", r.URL.Query(), items)
}

// dated is an item of a feed.
type dated struct {
	at   time.Time
	item any
}

// page of a feed.
type page struct {
	Size     int    `json:"size"`
	Items    []any  `json:"items"`
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
}

// paged cuts one page of a feed, and writes the filters into its links with
// their defaults, as the API does. next leads to what is older.
func paged(path string, query url.Values, items []dated) (page, error) {
	number, size := 0, 25
	for name, to := range map[string]*int{"page": &number, "pageSize": &size} {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return page{}, fmt.Errorf("%s is not a number", name)
			}
			*to = n
		}
	}
	number, size = min(number, 1_000_000), min(max(size, 1), 10_000)
	since, until := query.Get("noEarlierThan"), query.Get("noLaterThan")
	items = slices.DeleteFunc(items, func(d dated) bool {
		day := d.at.Format("2006-01-02")
		return since != "" && day < since || until != "" && day > until
	})
	link := func(n int) string {
		return fmt.Sprintf("%s?page=%d&pageSize=%d&noEarlierThan=%s&noLaterThan=%s&modifiedNoEarlierThan=1970-01-01", path, n, size, since, until)
	}
	out := page{Size: len(items), Items: []any{}}
	from := min(number*size, len(items))
	to := min(from+size, len(items))
	for _, d := range items[from:to] {
		out.Items = append(out.Items, d.item)
	}
	if to < len(items) {
		out.Next = link(number + 1)
	}
	if number > 0 {
		out.Previous = link(number - 1)
	}
	return out, nil
}

package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (p *person) user(request) (answer, error) {
	return answer{body: map[string]any{
		"userID": p.id, "profile": "/profile", "settings": "/settings", "records": "/records", "team": "/team", "change_log": "/changeLog",
		"fitness_activities": "/fitnessActivities", "strength_training_activities": "/strengthTrainingActivities",
		"background_activities": "/backgroundActivities", "sleep": "/sleep", "nutrition": "/nutrition", "weight": "/weight",
		"general_measurements": "/generalMeasurements", "diabetes": "/diabetes",
	}}, nil
}

func (p *person) profile(request) (answer, error) {
	return answer{body: map[string]any{
		"name": p.name, "gender": p.gender, "athlete_type": cmp.Or(p.changes.AthleteType, p.athleteType), "birthday": p.birthday.Format(clockForm),
		"elite": "false", "profile": publicPage(p.id),
	}}, nil
}

// publicPage is the address of a person's public page.
func publicPage(id int) string { return fmt.Sprintf("http://runkeeper.com/user/%d", id) }

// putProfile changes the one thing that can be changed.
func (p *person) putProfile(r request) (answer, error) {
	for name, v := range r.body {
		if name != "athlete_type" {
			return answer{}, refuse(http.StatusBadRequest, "%s cannot be written", name)
		}
		if err := isOneOf(athleteKinds)(v); err != nil {
			return answer{}, refuse(http.StatusBadRequest, "%s %s", name, err)
		}
		p.changes.AthleteType, _ = v.(string)
	}
	return p.profile(r)
}

// settingsOf are the settings that can be written, with their first values
// (Health Graph API, settings).
func settingsOf() (known map[string]check, first map[string]any) {
	known, first = map[string]check{}, map[string]any{}
	for _, name := range strings.Fields("fitness_activities map background_activities sleep nutrition weight general_measurements diabetes") {
		known["share_"+name], first["share_"+name] = isOneOf(audiences), "Just Me"
	}
	first["share_fitness_activities"], first["share_map"] = "Everyone", "Friends"
	for _, name := range strings.Fields("fitness_activity live_fitness_activity background_activity sleep nutrition weight general_measurements diabetes") {
		for _, place := range []string{"_facebook", "_twitter"} {
			known["post_"+name+place], first["post_"+name+place] = isBool, false
		}
	}
	known["distance_units"], first["distance_units"] = isOneOf([]string{"mi", "km"}), "mi"
	known["weight_units"], first["weight_units"] = isOneOf([]string{"lbs", "kg"}), "lbs"
	known["first_day_of_week"], first["first_day_of_week"] = isOneOf([]string{"Sunday", "Monday"}), "Sunday"
	return known, first
}

func (p *person) settings(request) (answer, error) {
	_, all := settingsOf()
	for _, name := range []string{"facebook_connected", "twitter_connected", "foursquare_connected"} {
		all[name] = false
	}
	maps.Copy(all, p.changes.Settings)
	return answer{body: all}, nil
}

func (p *person) putSettings(r request) (answer, error) {
	known, _ := settingsOf()
	for _, name := range slices.Sorted(maps.Keys(r.body)) {
		if known[name] == nil {
			return answer{}, refuse(http.StatusBadRequest, "%s cannot be written", name)
		}
		if err := known[name](r.body[name]); err != nil {
			return answer{}, refuse(http.StatusBadRequest, "%s %s", name, err)
		}
	}
	if p.changes.Settings == nil {
		p.changes.Settings = map[string]any{}
	}
	maps.Copy(p.changes.Settings, r.body)
	return p.settings(r)
}

// friends are the people that a person is connected with, or may be, by their
// number.
func (p *person) friends() map[int]*friend {
	all := map[int]*friend{}
	for n := 0; n <= p.id%4 && !p.alone; n++ {
		other := invent(fmt.Sprintf("friend%d", n), time.Time{})
		all[other.id] = &friend{Name: other.name, Status: "member"}
	}
	for id, f := range p.changes.Friends {
		if f == nil {
			delete(all, id)
		} else {
			all[id] = f
		}
	}
	return all
}

// befriend notes what a person is to another; nil is nothing.
func (p *person) befriend(id int, f *friend) {
	if p.changes.Friends == nil {
		p.changes.Friends = map[int]*friend{}
	}
	p.changes.Friends[id] = f
}

// team lists friends as the real one does: the documents call the address of a
// member uri, the answers url. Whether the real one also lists those who have
// not answered yet is not known; this one does not.
func (p *person) team(request) (answer, error) {
	out := page{Items: []any{}}
	all := p.friends()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if all[id].Status == "member" {
			out.Items = append(out.Items, map[string]any{"userID": id, "name": all[id].Name, "url": fmt.Sprintf("/team/%d", id), "profile": publicPage(id)})
		}
	}
	out.Size = len(out.Items)
	return answer{body: out}, nil
}

// friend finds who a path names.
func (p *person) friend(r request) (int, *friend, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	f := p.friends()[id]
	if err != nil || f == nil {
		return 0, nil, errNotFound
	}
	return id, f, nil
}

func (p *person) member(r request) (answer, error) {
	id, f, err := p.friend(r)
	if err != nil {
		return answer{}, err
	}
	return answer{body: map[string]any{"userID": id, "name": f.Name, "profile": publicPage(id), "status": f.Status}}, nil
}

// invite asks another person to be a friend. What the real one does when they are
// one already is not known; this one refuses.
func (a *athletes) invite(p *person, r request) (answer, error) {
	number, ok := r.body["userID"].(float64)
	id := int(number)
	switch {
	case !ok || len(r.body) != 1 || float64(id) != number:
		return answer{}, refuse(http.StatusBadRequest, "the body is not an invitation by userID")
	case id < 1 || id == p.id:
		return answer{}, refuse(http.StatusBadRequest, "there is nobody of this userID to invite")
	case p.friends()[id] != nil:
		return answer{}, refuse(http.StatusBadRequest, "%d has been invited or is a friend already", id)
	}
	name := fmt.Sprintf("Runner %d", id)
	if other := a.numbered(id); other != nil {
		name = other.name
		other.befriend(p.id, &friend{Name: p.name, Status: "pending", Asked: true})
	}
	p.befriend(id, &friend{Name: name, Status: "pending"})
	return answer{status: http.StatusCreated, location: fmt.Sprintf("/team/%d", id)}, nil
}

// reply answers a request. Whether the real one keeps who was declined is not
// known; this one does not.
func (a *athletes) reply(p *person, r request) (answer, error) {
	id, f, err := p.friend(r)
	if err != nil {
		return answer{}, err
	}
	reply, _ := r.body["reply"].(string)
	if isOneOf([]string{"accepted", "declined", "ignored"})(reply) != nil || len(r.body) != 1 {
		return answer{}, refuse(http.StatusBadRequest, "the body is not a reply")
	}
	if f.Status == "pending" && !f.Asked {
		return answer{}, refuse(http.StatusBadRequest, "an invitation of one's own cannot be replied to")
	}
	other := a.numbered(id)
	var mine, theirs *friend
	switch reply {
	case "accepted":
		mine, theirs = &friend{Name: f.Name, Status: "member"}, &friend{Name: p.name, Status: "member"}
	case "ignored":
		mine, theirs = f, &friend{Name: p.name, Status: "pending"}
	}
	p.befriend(id, mine)
	if other != nil {
		other.befriend(p.id, theirs)
	}
	return answer{body: map[string]any{"userID": id, "name": f.Name, "profile": publicPage(id), "status": f.Status}}, nil
}

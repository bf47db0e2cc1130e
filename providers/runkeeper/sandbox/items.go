package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// list answers a page of a feed, the newest first.
func (s *Server) list(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		all := p.items(f)
		items := make([]dated, 0, len(all))
		ids := slices.SortedFunc(maps.Keys(all), func(a, b int) int {
			return cmp.Or(f.at(all[b]).Compare(f.at(all[a])), cmp.Compare(b, a))
		})
		for _, id := range ids {
			items = append(items, dated{f.at(all[id]), f.row(all[id])})
		}
		out, err := paged(f.path, r.URL.Query(), items)
		return answer{body: out}, err
	}
}

func (s *Server) one(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		_, i := p.find(f, r.PathValue("id"))
		if i == nil {
			return answer{}, errNotFound
		}
		// An item alone does not say it; its path would.
		i = maps.Clone(i)
		delete(i, "has_path")
		return answer{body: i}, nil
	}
}

// firstID is the number before that of the first new item.
const firstID = 7_000_000_000

// create makes a new item. What programs post has no offset from UTC.
func (s *Server) create(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		i, err := f.accept(r.body, true)
		if err != nil {
			return answer{}, err
		}
		s.data.Next++
		id := firstID + s.data.Next
		i["uri"], i["userID"], i["source"] = fmt.Sprintf("%s/%d", f.path, id), p.id, "lockstep sandbox"
		if f.when == "start_time" {
			i["comments"] = fmt.Sprintf("%s/%d/comments", f.path, id)
		}
		if f.media == "FitnessActivity" {
			i["entry_mode"], i["has_path"], i["is_live"] = "API", i["path"] != nil, false
			for name, value := range map[string]any{"total_distance": 0.0, "total_calories": 0.0, "equipment": "None"} {
				if i[name] == nil {
					i[name] = value
				}
			}
		}
		p.put(f, id, i)
		return answer{status: http.StatusCreated, location: fmt.Sprintf("%s/%d", f.path, id)}, nil
	}
}

// update changes what is sent of an item. An empty text takes a text away.
func (s *Server) update(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		id, old := p.find(f, r.PathValue("id"))
		if old == nil {
			return answer{}, errNotFound
		}
		sent, err := f.accept(r.body, false)
		if err != nil {
			return answer{}, err
		}
		i := maps.Clone(old)
		maps.Copy(i, sent)
		maps.DeleteFunc(i, func(_ string, v any) bool { return v == "" })
		p.put(f, id, i)
		return answer{body: i}, nil
	}
}

func (s *Server) remove(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		id, i := p.find(f, r.PathValue("id"))
		if i == nil {
			return answer{}, errNotFound
		}
		p.put(f, id, nil)
		return answer{status: http.StatusNoContent}, nil
	}
}

// thread answers the comments on an activity.
func (s *Server) thread(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		owner := s.ownerOf(p, f, r.PathValue("id"))
		if owner == nil {
			return answer{}, errNotFound
		}
		return answer{body: threadOf(owner, f, r.PathValue("id"))}, nil
	}
}

func threadOf(owner *person, f *feed, id string) map[string]any {
	comments := owner.changes.Comments[id]
	if comments == nil {
		comments = []comment{}
	}
	return map[string]any{"uri": f.path + "/" + id + "/comments", "userID": owner.id, "comments": comments}
}

// comment adds to the thread; there is no way to change one or take it away.
func (s *Server) comment(f *feed) func(*person, request) (answer, error) {
	return func(p *person, r request) (answer, error) {
		id := r.PathValue("id")
		owner := s.ownerOf(p, f, id)
		if owner == nil {
			return answer{}, errNotFound
		}
		text, _ := r.body["comment"].(string)
		if text == "" || len(r.body) != 1 {
			return answer{}, refuse(http.StatusBadRequest, "the body is not a comment")
		}
		c := owner.changes
		if c.Comments == nil {
			c.Comments = map[string][]comment{}
		}
		c.Comments[id] = append(c.Comments[id], comment{s.options.Now().UTC().Format(clockForm), p.id, p.name, text})
		return answer{body: threadOf(owner, f, id)}, nil
	}
}

// ownerOf is whose activity a number names, among those who may see it: the
// person and the friends.
func (s *Server) ownerOf(p *person, f *feed, number string) *person {
	if _, i := p.find(f, number); i != nil {
		return p
	}
	for _, name := range slices.Sorted(maps.Keys(s.people)) {
		other := s.people[name]
		if friend := p.friends()[other.id]; friend == nil || friend.Status != "member" {
			continue
		}
		if _, i := other.find(f, number); i != nil {
			return other
		}
	}
	return nil
}

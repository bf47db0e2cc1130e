package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// served is a feed with the people whose items it has.
type served struct {
	*feed
	athletes *athletes
}

// rows answers a page of a feed, the newest first.
func (f *served) rows(p *person, r request) (answer, error) {
	all := p.items(f.feed)
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

func (f *served) one(p *person, r request) (answer, error) {
	_, i := p.find(f.feed, r.PathValue("id"))
	if i == nil {
		return answer{}, errNotFound
	}
	// An item alone does not say it; its path would.
	i = maps.Clone(i)
	delete(i, "has_path")
	return answer{body: i}, nil
}

// firstID is one less than the number of the first new item.
const firstID = 7_000_000_000

// create makes a new item. What programs post has no offset from UTC.
func (f *served) create(p *person, r request) (answer, error) {
	i, err := f.accept(r.body, true)
	if err != nil {
		return answer{}, err
	}
	id := firstID + f.athletes.next()
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
	p.put(f.feed, id, i)
	return answer{status: http.StatusCreated, location: fmt.Sprintf("%s/%d", f.path, id)}, nil
}

// update changes what is sent of an item. An empty text takes a text away.
func (f *served) update(p *person, r request) (answer, error) {
	id, old := p.find(f.feed, r.PathValue("id"))
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
	p.put(f.feed, id, i)
	return answer{body: i}, nil
}

func (f *served) remove(p *person, r request) (answer, error) {
	id, i := p.find(f.feed, r.PathValue("id"))
	if i == nil {
		return answer{}, errNotFound
	}
	p.put(f.feed, id, nil)
	return answer{status: http.StatusNoContent}, nil
}

// thread answers the comments on an activity.
func (f *served) thread(p *person, r request) (answer, error) {
	owner := f.athletes.ownerOf(p, f.feed, r.PathValue("id"))
	if owner == nil {
		return answer{}, errNotFound
	}
	return answer{body: threadOf(owner, f.feed, r.PathValue("id"))}, nil
}

func threadOf(owner *person, f *feed, id string) map[string]any {
	comments := owner.changes.Comments[id]
	if comments == nil {
		comments = []comment{}
	}
	return map[string]any{"uri": f.path + "/" + id + "/comments", "userID": owner.id, "comments": comments}
}

// comment adds to the thread; there is no way to change one or take it away.
func (f *served) comment(p *person, r request) (answer, error) {
	id := r.PathValue("id")
	owner := f.athletes.ownerOf(p, f.feed, id)
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
	c.Comments[id] = append(c.Comments[id], comment{f.athletes.options.Now().UTC().Format(clockForm), p.id, p.name, text})
	return answer{body: threadOf(owner, f.feed, id)}, nil
}

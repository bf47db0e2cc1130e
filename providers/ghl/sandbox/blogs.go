package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// named is a blog, an author or a category. No call makes one: they come from a
// seed document.
type named struct {
	ID   string `json:"_id"`
	Name string `json:"name"`
	Slug string `json:"urlSlug,omitempty"` // of a category
}

// names are the blogs, the authors or the categories of a location, with their
// member of a seed document.
type names struct {
	resource[named]
	of string
}

// newNames serves a list of names under a path. skip is the parameter that takes
// how many come before a page.
func newNames(l *location, kind, path, scope, many, member, skip string, view func(*named) object) *names {
	need := rule{kind: number, need: true}
	return &names{of: member, resource: resource[named]{
		collection: newCollection[named](l.store, kind),
		path:       path, scope: scope,
		words:  words{many: many},
		shapes: shapes{list: shape{"locationId": {kind: text, need: true}, "limit": need, skip: need, "searchTerm": {kind: text}}},
		view:   view,
		listed: true,
		cut: func(c *call, all []*named) []*named {
			all = all[min(intQuery(c, skip, 0), len(all)):]
			return all[:min(intQuery(c, "limit", 10), len(all))]
		},
	}}
}

func (ns *names) member() string { return ns.of }

func (ns *names) plant(raw json.RawMessage, p *planter) error {
	return ns.keep(raw, p, func(n *named) *string { return &n.ID })
}

func newBlogs(l *location) *names {
	return newNames(l, "blog", "/blogs/site/all", "blogs/list", "data", "blogs", "skip",
		func(n *named) object { return object{"_id": n.ID, "name": n.Name} })
}

func newBlogAuthors(l *location) *names {
	return newNames(l, "blogAuthor", "/blogs/authors", "blogs/author", "authors", "blogAuthors", "offset", func(n *named) object {
		return object{"_id": n.ID, "name": n.Name, "locationId": l.settings.ID, "updatedAt": stamp(0), "canonicalLink": ""}
	})
}

func newBlogCategories(l *location) *names {
	return newNames(l, "blogCategory", "/blogs/categories", "blogs/category", "categories", "blogCategories", "offset", func(n *named) object {
		return object{"_id": n.ID, "label": n.Name, "urlSlug": n.Slug, "locationId": l.settings.ID, "updatedAt": stamp(0), "canonicalLink": ""}
	})
}

// post is a post of a blog.
type post struct {
	ID         string            `json:"_id"`
	BlogID     string            `json:"blogId"`
	Texts      map[string]string `json:"texts"` // by property
	Categories []string          `json:"categories"`
	Tags       []string          `json:"tags"`
	Body       string            `json:"rawHTML"` // as it was created
	Updated    int64             `json:"updatedAt"`
}

// postTexts are the properties of a post that are texts.
var postTexts = []string{"title", "description", "imageUrl", "imageAltText", "status", "urlSlug", "author", "publishedAt", "canonicalLink"}

// posts are those of all blogs. There is no read by id and no delete.
type posts struct {
	*collection[post]
	l *location
}

func newPosts(l *location) *posts {
	ps := &posts{collection: newCollection[post](l.store, "blogPost"), l: l}
	ps.parent = func(p *post) string { return p.BlogID }
	return ps
}

func (ps *posts) routes() []route {
	need := rule{kind: text, need: true}
	status := rule{kind: text, one: []string{"DRAFT", "PUBLISHED", "SCHEDULED", "ARCHIVED"}}
	all := status
	all.need = true
	body := shape{"locationId": need, "blogId": need, "title": need, "imageUrl": need, "description": need, "rawHTML": need, "status": all, "imageAltText": need,
		"categories": {kind: texts, there: true}, "author": need, "urlSlug": need, "publishedAt": {kind: instant, need: true},
		"tags": {kind: texts}, "canonicalLink": {kind: text}}
	return []route{
		{method: http.MethodGet, pattern: "/blogs/posts/url-slug-exists", scope: "blogs/check-slug.readonly", serve: ps.checkSlug,
			query: shape{"locationId": need, "urlSlug": need, "postId": {kind: text}}},
		{method: http.MethodGet, pattern: "/blogs/posts/all", scope: "blogs/posts.readonly", serve: ps.rows,
			query: shape{"locationId": need, "blogId": need, "limit": {kind: number, need: true}, "offset": {kind: number, need: true},
				"status": status, "searchTerm": {kind: text}}},
		{method: http.MethodPost, pattern: "/blogs/posts", scope: "blogs/post.write", body: body, serve: ps.create},
		{method: http.MethodPut, pattern: "/blogs/posts/{id}", scope: "blogs/post-update.write", body: body, serve: ps.update},
	}
}

func (ps *posts) view(p *post) object {
	out := object{"_id": p.ID, "blogId": p.BlogID, "locationId": ps.l.settings.ID, "categories": orEmpty(p.Categories), "tags": orEmpty(p.Tags),
		"archived": p.Texts["status"] == "ARCHIVED", "updatedAt": stamp(p.Updated)}
	for name, text := range p.Texts {
		out[name] = text
	}
	return out
}

// rows lists the posts of a blog. Without a status only those that are published.
func (ps *posts) rows(c *call) *answer {
	status := c.query.Get("status")
	if status == "" {
		status = "PUBLISHED"
	}
	found := slices.DeleteFunc(ps.list(c.query.Get("blogId")), func(p *post) bool { return p.Texts["status"] != status })
	found = found[min(intQuery(c, "offset", 0), len(found)):]
	rows := []object{}
	for _, p := range found[:min(intQuery(c, "limit", 10), len(found))] {
		rows = append(rows, ps.view(p))
	}
	return ok(object{"blogs": rows})
}

// taken reports whether another post has a slug.
func (ps *posts) taken(slug, id string) bool {
	for other, p := range ps.all() {
		if p.Texts["urlSlug"] == slug && other != id {
			return true
		}
	}
	return false
}

func (ps *posts) checkSlug(c *call) *answer {
	return ok(object{"exists": ps.taken(c.query.Get("urlSlug"), c.query.Get("postId"))})
}

// write gives a post all that a body has. What it leaves out is lost. A slug that is
// taken gets a number at its end.
func (ps *posts) write(c *call, p *post) {
	p.Texts = map[string]string{}
	for _, name := range postTexts {
		if text, given := c.body[name].(string); given {
			p.Texts[name] = text
		}
	}
	for slug, n := p.Texts["urlSlug"], 1; ps.taken(p.Texts["urlSlug"], p.ID); n++ {
		p.Texts["urlSlug"] = fmt.Sprintf("%s-%d", slug, n)
	}
	p.Categories, p.Tags = nil, nil
	if ids, given := c.body["categories"].([]any); given {
		p.Categories = strs(ids)
	}
	if tags, given := c.body["tags"].([]any); given {
		p.Tags = strs(tags)
	}
	p.BlogID, _ = c.body["blogId"].(string)
	p.Updated = millis(c.now)
	ps.put(c.now, p.ID, p)
}

func (ps *posts) create(c *call) *answer {
	made := &post{ID: ps.store.newID(ps.kind)}
	made.Body, _ = c.body["rawHTML"].(string)
	ps.write(c, made)
	return ok(object{"data": ps.view(made)})
}

// update takes a new body and keeps the old one, without a word.
func (ps *posts) update(c *call) *answer {
	old, known := ps.byID[c.vars["id"]]
	if !known {
		return badRequest("Blog post not found")
	}
	updated := *old
	ps.write(c, &updated)
	return ok(object{"updatedBlogPost": ps.view(&updated)})
}

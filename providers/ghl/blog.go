package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const (
	kindBlog         = "ghl_blog"
	kindBlogAuthor   = "ghl_blog_author"
	kindBlogCategory = "ghl_blog_category"
	kindBlogSlug     = "ghl_blog_slug"
)

// blogKind declares the blogs of a location (HighLevel blogs API, sites).
func blogKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBlog, Noun: "blog", Plural: "blogs",
			Scopes:   schema.Scopes{Read: []string{"blogs/list.readonly"}},
			Doc:      "A blog of the location, to be named by its id in posts. Blogs can only be read.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
			Listing:  schema.Listing{Page: 100},
		},
		attributes: []attribute{computed("name", "name", "Name of the blog.", name)},
		data: []*schema.DataSource{
			{Name: "ghl_blog", Kind: kindBlog, OneOf: true, Doc: "One blog, by its name.",
				Arguments: []schema.Attribute{argument("name", cty.String, "Name of the blog.")}},
			{Name: "ghl_blogs", Kind: kindBlog, Many: "blogs", Doc: "All blogs of the location."},
		},
		list: listing{
			call: call{method: "GET", path: "/blogs/site/all", envelope: "data", located: inQuery},
			page: paging{limit: "limit", skip: "skip", begin: true},
		},
		answers: answers{id: "_id"},
	})
}

// blogAuthorKind declares the authors of posts (HighLevel blogs API, authors).
func blogAuthorKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBlogAuthor, Noun: "blog author", Plural: "blog authors",
			Scopes:   schema.Scopes{Read: []string{"blogs/author.readonly"}},
			Doc:      "An author of posts, to be named by its id. Authors can only be read.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
			Listing:  schema.Listing{Page: 100},
		},
		attributes: []attribute{
			computed("name", "name", "Name of the author.", name),
			computed("date_updated", "updatedAt", "When the author last changed, RFC 3339.", instant),
		},
		data: []*schema.DataSource{
			{Name: "ghl_blog_author", Kind: kindBlogAuthor, OneOf: true, Doc: "One author, by name.",
				Arguments: []schema.Attribute{argument("name", cty.String, "Name of the author.")}},
			{Name: "ghl_blog_authors", Kind: kindBlogAuthor, Many: "blog_authors", Doc: "All authors of posts."},
		},
		list: listing{
			call: call{method: "GET", path: "/blogs/authors", envelope: "authors", located: inQuery},
			page: paging{limit: "limit", skip: "offset", begin: true},
		},
		answers: answers{id: "_id"},
	})
}

// blogCategoryKind declares the categories of posts (HighLevel blogs API,
// categories).
func blogCategoryKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBlogCategory, Noun: "blog category", Plural: "blog categories",
			Scopes:   schema.Scopes{Read: []string{"blogs/category.readonly"}},
			Doc:      "A category of posts, to be named by its id. Categories can only be read.",
			Keys:     []schema.NaturalKey{{"slug"}, {"name"}},
			ReadOnly: true,
			Listing:  schema.Listing{Page: 100},
		},
		attributes: []attribute{
			computed("name", "label", "Name of the category.", name),
			computed("slug", "urlSlug", "End of the address of its page.", lower),
			computed("date_updated", "updatedAt", "When the category last changed, RFC 3339.", instant),
		},
		data: []*schema.DataSource{
			{Name: "ghl_blog_category", Kind: kindBlogCategory, OneOf: true, Doc: "One category, by its slug or its name.",
				Arguments: []schema.Attribute{argument("slug", cty.String, "Slug of the category."), argument("name", cty.String, "Name of the category.")}},
			{Name: "ghl_blog_categories", Kind: kindBlogCategory, Many: "blog_categories", Doc: "All categories of posts."},
		},
		list: listing{
			call: call{method: "GET", path: "/blogs/categories", envelope: "categories", located: inQuery},
			page: paging{limit: "limit", skip: "offset", begin: true},
		},
		answers: answers{id: "_id"},
	})
}

// blogSlugKind declares what the location knows of a slug (HighLevel blogs API,
// check of a slug).
func blogSlugKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBlogSlug, Noun: "slug", Plural: "slugs",
			Scopes:   schema.Scopes{Read: []string{"blogs/check-slug.readonly"}},
			Doc:      "A slug that a post may have. It can only be asked for.",
			Keys:     []schema.NaturalKey{{"slug"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("slug", "urlSlug", "The slug.", lower),
			{Attribute: schema.Attribute{Name: "taken", Type: cty.Bool, Computed: true, Doc: "Whether a post has it."}, read: "exists", form: boolean},
		},
		data: []*schema.DataSource{
			{Name: kindBlogSlug, Kind: kindBlogSlug, Doc: "Whether a post has a slug already. HighLevel gives a second post another one, without a word.",
				Arguments: []schema.Attribute{{Name: "slug", Type: cty.String, Required: true, Doc: "The slug."}}},
		},
		find: lookup{
			call:       call{method: "GET", path: "/blogs/posts/url-slug-exists", located: inQuery},
			parameters: map[string]string{"slug": "urlSlug"},
		},
	})
}

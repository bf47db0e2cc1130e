package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindBlogPost = "ghl_blog_post"

// blogPostKind declares the posts of a blog (HighLevel blogs API, posts). The API
// can neither delete a post nor read its body. An update takes a body and drops it
// without a word, so the body is written once. All that an update leaves out is
// lost, so it always sends everything.
func blogPostKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBlogPost, Noun: "blog post", Plural: "blog posts",
			Scopes: schema.Scopes{Read: []string{"blogs/posts.readonly"}, Write: []string{"blogs/post.write", "blogs/post-update.write"}},
			Doc: "A post of a blog. It is matched by its slug among the posts of its blog, cannot be deleted, and is never replaced: status = \"ARCHIVED\" takes it from the blog. " +
				"Its body is written when it is created; edit it in HighLevel afterwards, which does not let the API change it.",
			Content: []string{"slug"},
			Parent:  "blog_id",
			Loss:    schema.Loss{Lasting: schema.Permanent},
			Listing: schema.Listing{Page: 100, PerParent: true},
		},
		attributes: blogPostAttributes(),
		data: []*schema.DataSource{
			{Name: "ghl_blog_posts", Kind: kindBlogPost, Many: "blog_posts", Doc: "All posts of a blog, whatever their status.",
				Arguments: []schema.Attribute{{Name: "blog_id", Type: cty.String, Required: true, Refers: kindBlog, Doc: "Id of the blog."}}},
		},
		list: listing{
			call: call{method: "GET", path: "/blogs/posts/all", envelope: "blogs", located: inQuery},
			page: paging{limit: "limit", skip: "offset", begin: true},
			// There is no value for all of them.
			each:    apart{parameter: "status", of: blogStatuses},
			parents: 1, parent: "blogId",
		},
		create:  call{method: "POST", path: "/blogs/posts", envelope: "data", located: inBody},
		update:  call{method: "PUT", path: "/blogs/posts/{id}", envelope: "updatedBlogPost", located: inBody},
		answers: answers{id: "_id", version: "updatedAt", gone: []string{"blog post not found", "post with id"}},
	})
}

var blogStatuses = []string{"DRAFT", "PUBLISHED", "SCHEDULED", "ARCHIVED"}

func blogPostAttributes() []attribute {
	sent := func(called, wire, doc string, f form) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.String, Required: true, Doc: doc}, wire: wire, form: f, withUpdate: true}
	}
	status := sent("status", "status", "DRAFT, PUBLISHED, SCHEDULED or ARCHIVED.", upper)
	status.OneOf = blogStatuses
	author := sent("author_id", "author", "Id of the author, as in data.ghl_blog_author.NAME.id.", text)
	author.Refers = kindBlogAuthor
	return []attribute{
		{Attribute: schema.Attribute{Name: "blog_id", Type: cty.String, Required: true, Immutable: true, Refers: kindBlog, Exists: true, Doc: "Id of the blog."}, wire: "blogId", form: text, withUpdate: true},
		sent("title", "title", "Title of the post.", name),
		sent("description", "description", "What the post is about, in a sentence.", text),
		sent("slug", "urlSlug", "End of the address of the post.", lower),
		status,
		author,
		{Attribute: schema.Attribute{Name: "categories", Type: cty.Set(cty.String), Required: true, Refers: kindBlogCategory, Doc: "Ids of its categories."},
			wire: "categories", form: textSet, withUpdate: true},
		{Attribute: schema.Attribute{Name: "tags", Type: cty.Set(cty.String), Optional: true, Doc: "Tags of the post."}, wire: "tags", form: textSet, withUpdate: true},
		sent("image_url", "imageUrl", "Address of the picture.", text),
		sent("image_alt", "imageAltText", "What the picture shows.", text),
		sent("published_at", "publishedAt", "When it was or will be published, RFC 3339.", instant),
		{Attribute: schema.Attribute{Name: "canonical_url", Type: cty.String, Optional: true, Doc: "Address of the original."}, wire: "canonicalLink", form: text, withUpdate: true},
		{Attribute: schema.Attribute{Name: "body", Type: cty.String, Required: true, WriteOnly: true, Immutable: true, Resent: true,
			Doc: "The post as HTML, sent when it is created. HighLevel never returns it."}, wire: "rawHTML", form: text},
		computed("date_updated", "updatedAt", "When the post last changed, RFC 3339.", instant),
	}
}

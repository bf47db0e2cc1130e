package health

// Where a person connects a program, and where tokens are made (Health Graph
// API, registration and authorization). There are neither scopes nor refresh
// tokens, and tokens do not end.
const (
	AuthorizeURL = "https://runkeeper.com/apps/authorize"
	TokenURL     = "https://runkeeper.com/apps/token"
)

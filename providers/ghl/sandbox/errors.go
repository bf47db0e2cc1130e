package sandbox

import "net/http"

// The API has no one error shape. These are the shapes that were seen, by the
// name of what they mean.

func badRequest(message string) *answer {
	return &answer{status: http.StatusBadRequest, body: object{
		"statusCode": 400, "message": message, "error": "Bad Request"}}
}

func unauthorized(message string) *answer {
	return &answer{status: http.StatusUnauthorized, body: object{
		"statusCode": 401, "message": message}}
}

func unprocessable(messages ...string) *answer {
	return &answer{status: http.StatusUnprocessableEntity, body: object{
		"statusCode": 422, "message": messages, "error": "Unprocessable Entity"}}
}

func foreignLocation() *answer {
	return &answer{status: http.StatusForbidden, body: object{
		"statusCode": 403, "message": "The token does not have access to this location.", "error": "Forbidden"}}
}

// agencyOnly is what a location's token gets on an agency's endpoint.
func agencyOnly() *answer {
	return &answer{status: http.StatusForbidden, bare: true, body: object{
		"message": "Forbidden resource", "error": "Forbidden", "statusCode": 403}}
}

// wrongToken is what a location's token or a private integration gets where
// only an agency's OAuth token is let in, and the other way round.
func wrongToken() *answer {
	return unauthorized("This authClass type is not allowed to access this scope. " +
		"Please switch to allowed authClass type for this scope.")
}

func cannot(c *call) *answer {
	return &answer{status: http.StatusNotFound, body: object{
		"statusCode": 404, "message": "Cannot " + c.method + " " + c.path, "error": "Not Found"}}
}

func unknownRoute() *answer {
	return unauthorized("This route is not yet supported by the IAM Service. Please update your IAM config.")
}

// notServed is the answer to an operation that the API has and the sandbox lacks.
func notServed(c *call) *answer {
	return &answer{status: http.StatusNotImplemented, body: object{
		"statusCode": 501, "message": "The sandbox does not serve " + c.method + " " + c.path + ".", "error": "Not Implemented"}}
}

// noContact is the answer for a contact that is unknown or deleted: 400, with
// keys of its own.
func noContact(id string) *answer {
	return &answer{status: http.StatusBadRequest, body: object{
		"error": "Contact with id " + id + " not found", "status": 400}}
}

func ok(body object) *answer      { return &answer{status: http.StatusOK, body: body} }
func created(body object) *answer { return &answer{status: http.StatusCreated, body: body} }

// array is an answer that is a list, without a trace id.
func array(status int, rows []object) *answer { return &answer{status: status, rows: rows} }

// done is the answer of a call that tells only that it was carried out, with both
// spellings the API sends.
func done() *answer { return ok(set(object{}, bothSpellings)) }

var bothSpellings = []string{"succeded", "succeeded"}

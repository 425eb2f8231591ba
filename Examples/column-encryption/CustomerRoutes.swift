import Hummingbird

extension Customer: ResponseEncodable {}

/// The routes `PUT` and `GET /customers/{id}`.
struct CustomerRoutes {
    let customers: CustomerStore

    /// The body of `PUT`.
    struct Body: Decodable {
        let name: String
        let iban: String
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.put("/customers/{id}") { request, context in
            let body = try await request.decode(as: Body.self, context: context)
            let id = try context.parameters.require("id")
            try await customers.save(Customer(id: id, name: body.name, iban: body.iban))
            return HTTPResponse.Status.noContent
        }
        router.get("/customers/{id}") { _, context in
            guard let customer = try await customers.customer(try context.parameters.require("id")) else {
                throw HTTPError(.notFound)
            }
            return customer
        }
        return router
    }
}

/// The HTTP stack alone: a trivial route.
struct HTTPPart {
    let site: Site
    let pace: Pace

    func measure(_ report: inout Report) throws {
        let service = try Machine(site, "http").serve()
        defer { service.stop() }
        let list = RequestList([service.healthRequest])
        for connections in [1, 8, 32, 128] {
            let load = Load(connections: connections, seconds: pace.seconds, warmup: pace.warmup)
            let result = try load.run(list, on: service).allGood()
            report.add(.http, "/healthz, \(connections) connections", result.values)
        }
    }
}

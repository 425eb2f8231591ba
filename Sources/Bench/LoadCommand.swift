import ArgumentParser

struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Starts a service and puts load on it, for a profiler to look at.",
        discussion: "Prints the service's process. Example: perf record -g -p PROCESS -- sleep 10")

    @OptionGroup var options: LoadOptions

    @Option(help: "The program that is loaded.")
    var kms: String

    @Option(help: "data-key, decrypt, encrypt, sign, batch, aws or health.")
    var work = "decrypt"

    @Option(help: "How long.")
    var seconds = 20.0

    func run() throws {
        let machine = try Machine(Site(folder: options.folder, product: kms, faultyModule: ""), "load")
        let service = try machine.serve(options.serviceSettings)
        defer { service.stop() }
        let desk = try RequestDesk(service)
        let load = Load(connections: options.connections, seconds: seconds, warmup: 1)
        StandardError.write("process \(service.processID)")
        let result: LoadResult
        switch work {
        case "aws":
            let signer = try AWSPart.signer(machine, service)
            result = try load.run(try AWSPart.decrypts(service, signer), on: service, signer: signer)
        default: result = try load.run(try desk.list(work), on: service)
        }
        print(try result.allGood().values.map(\.text).joined(separator: "  "))
    }
}

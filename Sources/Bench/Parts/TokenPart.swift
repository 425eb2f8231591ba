/// The token alone: the PKCS11 target's loop, compared with the same loop in plain C.
struct TokenPart {
    let site: Site
    let pace: Pace

    func measure(_ report: inout Report) throws {
        let found = try TokenRig.with(site) { (rig, session) throws in
            let meter = try TokenMeter(rig, in: session)
            var all: [(TokenWork, TokenMeter.Comparison)] = []
            for work in TokenWork.allCases {
                all.append(
                    (work, try meter.compare(work, turns: 8 * pace.rounds + 1, seconds: pace.seconds / 20, in: session))
                )
            }
            return all
        }
        for (work, one) in found {
            report.add(
                .token, work.title,
                [.rate(one.swiftRate, "PKCS11"), .rate(one.plainRate, "plain C"), .ratio(one.ratio)])
            report.floor(
                .token, "\(work.title): PKCS11 target to plain C", .atLeast(0.95), reached: one.ratio,
                basis: "\(NumberText.of(one.plainRate))/s")
        }
    }
}
